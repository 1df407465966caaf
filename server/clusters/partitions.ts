import { z } from "zod"
import type { Partition } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { brokerName } from "#server/inputs.ts"
import { addRates, RATE_WINDOW_MS, type Rate, rateOf } from "#server/rates.ts"
import { Holder, readLogs, readSweeps, type Span } from "#server/store/index.ts"
import { describeNow } from "./describe-now.ts"
import { findDestination } from "./destinations.ts"
import { paging, slug } from "./rows.ts"
import type { DestinationPartition, DestinationPartitions } from "./views.ts"

const SORTS = ["index", "start", "end", "offsets", "bytes", "rate"] as const

export const destinationPartitionsInput = z.object({
  cluster: slug,
  name: brokerName.min(1),
  sort: z.enum(SORTS).default("index"),
  dir: z.enum(["asc", "desc"]).default("asc"),
  ...paging,
})

/**
 * One page of the partitions of a destination: where each is, by the broker, and where it begins and ends, by the last
 * sweep. Rates are those that the sweep took, so that they add up to the destination's.
 */
export async function listDestinationPartitions(
  ctx: Context,
  input: z.output<typeof destinationPartitionsInput>,
): Promise<DestinationPartitions> {
  const { cluster, row } = await findDestination(ctx, input)
  const recent = { clusterId: cluster.id, intervalMs: cluster.intervalMs, destinationId: row.id }
  const [live, log] = await Promise.all([describeNow(ctx, input), readRecent(ctx, recent)])
  const partitions = live.described?.destinations[0]?.partitions ?? []
  const all = partitions.map((one) => toPartition(one, log))
  const sign = input.dir === "asc" ? 1 : -1
  const of = (one: DestinationPartition) => one[input.sort] ?? Number.NEGATIVE_INFINITY
  all.sort((a, b) => compare(of(a), of(b)) * sign || a.index - b.index)
  const offset = (input.page - 1) * input.pageSize
  const { perSecond, partial } = addRates(log.rates)
  return {
    rows: all.slice(offset, offset + input.pageSize),
    total: all.length,
    rate: perSecond,
    ratePartial: partial,
    problems: live.problems,
  }
}

interface Recent {
  starts: Holder
  ends: Holder
  /** Row of the last sweep; -1: none. */
  row: number
  rates: Rate[]
}

/** The log as the last sweeps saw it, over the window of a rate. */
async function readRecent(
  ctx: Context,
  of: { clusterId: number; intervalMs: number; destinationId: number },
): Promise<Recent> {
  const to = ctx.now()
  const from = to - RATE_WINDOW_MS - 4 * of.intervalMs
  const span: Span = { clusterId: of.clusterId, from, to, stepMs: of.intervalMs, level: "raw" }
  const [[log], sweeps] = await Promise.all([
    readLogs(ctx.store, { ...span, destinationIds: [of.destinationId] }),
    readSweeps(ctx.store, span),
  ])
  const grid = { level: "raw", resolutionMs: of.intervalMs } as const
  const starts = new Holder({ at: log?.at ?? [], rows: log?.starts ?? [] }, grid)
  const ends = new Holder({ at: log?.at ?? [], rows: log?.ends ?? [] }, grid)
  const rows = sweeps.map((moment) => ends.indexAt(moment))
  const row = rows.at(-1) ?? -1
  const rates = Array.from({ length: ends.widthAt(row) }, (_, partition) =>
    rateOf(
      sweeps,
      rows.map((one) => ends.valueAt(one, partition) ?? Number.NaN),
    ),
  )
  return { starts, ends, row, rates }
}

function toPartition(one: Partition, log: Recent): DestinationPartition {
  const { bytes, ...rest } = one
  const start = log.starts.valueAt(log.row, one.index) ?? null
  const end = log.ends.valueAt(log.row, one.index) ?? null
  return {
    ...rest,
    bytes: bytes === null ? null : Number(bytes),
    start,
    end,
    offsets: start === null || end === null ? null : end - start,
    rate: log.rates[one.index]?.perSecond ?? null,
    ratePartial: log.rates[one.index]?.partial ?? false,
    isNew: one.index >= log.ends.widthAt(log.row),
  }
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
