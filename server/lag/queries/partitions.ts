import { z } from "zod"
import type { Broker } from "../../brokers/broker.ts"
import { openBroker, paging } from "../../clusters/index.ts"
import type { Page } from "../../clusters/views.ts"
import type { Context } from "../../context.ts"
import {
  type CommitSeries,
  indexAt,
  type LogSeries,
  readCommits,
  readLogs,
  readSweeps,
  whenEndPassed,
} from "../../store/index.ts"
import { interpolate } from "../end-history.ts"
import { Evaluator } from "../evaluate.ts"
import type { Needed } from "../evaluation.ts"
import type { PartitionLag } from "../model.ts"
import { storedRetention } from "../stored-retention.ts"
import type { Forecast, PartitionRow } from "../views.ts"
import { WINDOW_MS } from "../window.ts"
import { findGroup, groupInput } from "./groups.ts"

const SORTS = ["partition", "lag", "timeLag", "lost", "end", "consumeRate"] as const

export const listPartitionsInput = groupInput.extend({
  destination: z.string().optional(),
  sort: z.enum(SORTS).default("partition"),
  dir: z.enum(["asc", "desc"]).default("asc"),
  ...paging,
})

/** Records whose timestamp is read for one page view. */
const MOST_RECORDS = 100

/**
 * The partitions of one group, judged by the same mathematics as the collector's, from the stored window. The age of the
 * oldest unread record is read from the record itself where the broker can be asked: exact, not interpolated.
 */
export async function listPartitions(
  ctx: Context,
  input: z.output<typeof listPartitionsInput>,
): Promise<Page<PartitionRow>> {
  const found = await findGroup(ctx, input)
  const now = ctx.now()
  const span = { clusterId: found.cluster.id, from: now - WINDOW_MS, to: now, stepMs: 1000 }
  const destinationIds = found.destinations.map((one) => one.id)
  const [logs, commits, sweeps, live] = await Promise.all([
    readLogs(ctx.store, { ...span, destinationIds }),
    readCommits(ctx.store, { ...span, groupId: found.group.id, destinationIds }),
    readSweeps(ctx.store, span),
    askNow(ctx, input),
  ])
  const evaluator = new Evaluator()
  const moments = sweeps.filter((at) => at >= span.from)
  const observe = (at: number) => evaluator.observe(observation({ at, logs, commits, found }))[0]
  let evaluated = moments.map(observe).at(-1)
  const last = moments.at(-1)
  if (evaluator.needed.length > 0 && last !== undefined) {
    await learn(ctx, { evaluator, found, broker: live.broker })
    evaluated = evaluator.observe(observation({ at: last, logs, commits, found }))[0]
  }
  const names = new Map(found.destinations.map((one) => [one.id, one.name]))
  const rows = (evaluated?.byDestination ?? []).flatMap((one) =>
    one.partitions.map((partition) =>
      toRow(partition, { destination: names.get(one.destinationId) ?? "", members: live.members }),
    ),
  )
  rows.sort((a, b) => compare(a, b, input.sort) * (input.dir === "asc" ? 1 : -1))
  const offset = (input.page - 1) * input.pageSize
  return { rows: rows.slice(offset, offset + input.pageSize), total: rows.length }
}

type Members = Map<string, { clientId: string; host: string }>

async function askNow(
  ctx: Context,
  input: { cluster: string; group: string },
): Promise<{ broker: Broker | null; members: Members }> {
  try {
    const broker = await openBroker(ctx, input.cluster)
    const described = await broker.describe({ groups: [input.group] }, AbortSignal.timeout(3000))
    const members: Members = new Map()
    for (const member of described.groups[0]?.members ?? []) {
      for (const { destination, partitions } of member.assignment ?? []) {
        for (const partition of partitions)
          members.set(`${destination}/${partition}`, { clientId: member.clientId, host: member.host })
      }
    }
    return { broker, members }
  } catch {
    return { broker: null, members: new Map() }
  }
}

interface Learning {
  evaluator: Evaluator
  found: Awaited<ReturnType<typeof findGroup>>
  broker: Broker | null
}

async function learn(ctx: Context, { evaluator, found, broker }: Learning): Promise<void> {
  const needed = [...evaluator.needed]
  const names = new Map(found.destinations.map((one) => [one.id, one.name]))
  const ids = new Map(found.destinations.map((one) => [one.name, one.id]))
  const exact = new Set<string>()
  if (broker?.messages) {
    const positions = needed.slice(0, MOST_RECORDS).map((one) => ({
      destination: names.get(one.destinationId) ?? "",
      partition: one.partition,
      offset: BigInt(one.offset),
    }))
    const read = await broker.messages.read(positions, AbortSignal.timeout(3000)).catch(() => null)
    for (const { position, message } of read?.found ?? []) {
      if (message?.timestamp === null || message?.timestamp === undefined) continue
      const one = {
        destinationId: ids.get(position.destination) ?? 0,
        partition: position.partition,
        offset: Number(position.offset),
      }
      evaluator.learn(one, { at: message.timestamp, source: "record" })
      exact.add(keyOf(one))
    }
  }
  const open = needed.filter((one) => !exact.has(keyOf(one)))
  for (const one of await whenEndPassed(ctx.store, found.cluster.id, open)) {
    evaluator.learn(one, { at: interpolate(one.offset, one.before, one.after), source: "history" })
  }
}

function keyOf(one: Needed): string {
  return `${one.destinationId}/${one.partition}/${one.offset}`
}

interface Stored {
  at: number
  logs: LogSeries[]
  commits: CommitSeries[]
  found: Awaited<ReturnType<typeof findGroup>>
}

function observation({ at, logs, commits, found }: Stored) {
  return {
    at,
    destinations: found.destinations.flatMap((one) => {
      const log = logs.find((row) => row.destinationId === one.id)
      const starts = log?.starts[indexAt(log.at, at)]
      const ends = log?.ends[indexAt(log.at, at)]
      return starts && ends
        ? [{ id: one.id, name: one.name, starts, ends, retention: storedRetention(one) }]
        : []
    }),
    groups: [
      {
        id: found.group.id,
        name: found.group.name,
        members: found.group.members,
        known: true,
        commits: commits.flatMap((one) => {
          const offsets = one.offsets[indexAt(one.at, at)]
          return offsets ? [{ destinationId: one.destinationId, offsets }] : []
        }),
      },
    ],
  }
}

function toRow(lag: PartitionLag, from: { destination: string; members: Members }): PartitionRow {
  return {
    ...lag,
    destination: from.destination,
    caughtUpIn: toForecast(lag.caughtUpIn),
    lostIn: toForecast(lag.lostIn),
    member: from.members.get(`${from.destination}/${lag.partition}`) ?? null,
  }
}

function toForecast(ms: number | null): Forecast {
  if (ms === null) return null
  return Number.isFinite(ms) ? ms : "never"
}

function compare(a: PartitionRow, b: PartitionRow, sort: (typeof SORTS)[number]): number {
  const byPlace = a.destination.localeCompare(b.destination) || a.partition - b.partition
  if (sort === "partition") return byPlace
  return (a[sort] ?? -1) - (b[sort] ?? -1) || byPlace
}
