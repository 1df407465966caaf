import { z } from "zod"
import { coveredBy, growth, momentsOf, openBroker, stepFor } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import {
  type CommitSeries,
  indexAt,
  type LogSeries,
  type PassedRequest,
  readCommits,
  readLogs,
  readSweeps,
  whenEndPassed,
} from "#server/store/index.ts"
import { EndHistory, interpolate } from "../end-history.ts"
import { lossesOf } from "../losses.ts"
import type { LagHeat, LagHistory } from "../views.ts"
import { findGroup, getGroup, groupInput } from "./groups.ts"

export const historyInput = groupInput.extend({
  destination: z.string().optional(),
  from: z.number(),
  to: z.number(),
  points: z.number().int().min(2).max(1000).default(300),
})

/** Lag, time lag, rates and losses of a group over time. Where no sweep was stored there is a gap, never a zero. */
export async function lagHistory(ctx: Context, input: z.output<typeof historyInput>): Promise<LagHistory> {
  const read = await readHistory(ctx, input)
  const passed = await passedMoments(ctx, read)
  const lost = lostMessages(read.pairs, input.from)
  const points = read.at.map((at) =>
    coveredBy(read.sweeps, at, read.stepMs) ? pointAt(read, { at, passed, lost }) : null,
  )
  const group = await getGroup(ctx, input)
  const future = (forecast: number | "never" | null) =>
    typeof forecast === "number" && forecast > 0 ? ctx.now() + forecast : null
  return {
    stepMs: read.stepMs,
    at: read.at,
    series: {
      lag: points.map((point) => point?.lag ?? null),
      timeLag: points.map((point) => point?.timeLag ?? null),
      produced: points.map((point, i) => growth(points[i - 1]?.end ?? null, point?.end ?? null, read.stepMs)),
      consumed: points.map((point, i) =>
        growth(points[i - 1]?.committed ?? null, point?.committed ?? null, read.stepMs),
      ),
      lost: points.map((point) => point?.lost ?? null),
    },
    forecast: { caughtUpAt: future(group.caughtUpIn), lostAt: future(group.lostIn) },
  }
}

/** Lag per partition of one destination over time. */
export async function lagHeat(ctx: Context, input: z.output<typeof historyInput>): Promise<LagHeat> {
  const read = await readHistory(ctx, { ...input, points: Math.min(input.points, 120) })
  const one = read.pairs[0]
  const partitions = Array.from({ length: one?.partitions ?? 0 }, (_, i) => i)
  return {
    destination: one?.name ?? input.destination ?? "",
    stepMs: read.stepMs,
    at: read.at,
    partitions,
    lag: partitions.map((partition) =>
      read.at.map((at) =>
        one && coveredBy(read.sweeps, at, read.stepMs)
          ? (partitionAt(one, { at, partition })?.lag ?? null)
          : null,
      ),
    ),
  }
}

interface Pair {
  destinationId: number
  name: string
  partitions: number
  log: LogSeries | undefined
  commits: CommitSeries | undefined
}

interface Read {
  clusterId: number
  /** Slug. */
  cluster: string
  stepMs: number
  at: number[]
  sweeps: number[]
  pairs: Pair[]
}

/** Messages of a partition lost up to a moment, counted from the range's beginning. */
type Lost = (pair: Pair, partition: number, at: number) => number

function lostMessages(pairs: Pair[], from: number): Lost {
  const losses = new Map(
    pairs.flatMap((pair) =>
      Array.from({ length: pair.partitions }, (_, partition) => [
        `${pair.destinationId}/${partition}`,
        lossesOf(pair, partition, from),
      ]),
    ),
  )
  return (pair, partition, at) => {
    const known = losses.get(`${pair.destinationId}/${partition}`)
    return known?.lost[indexAt(known.at, at)] ?? 0
  }
}

async function readHistory(ctx: Context, input: z.output<typeof historyInput>): Promise<Read> {
  const found = await findGroup(ctx, input)
  const stepMs = stepFor(input, found.cluster.intervalMs)
  const span = { clusterId: found.cluster.id, from: input.from, to: input.to, stepMs }
  const destinationIds = found.destinations.map((one) => one.id)
  const [logs, commits, sweeps] = await Promise.all([
    readLogs(ctx.store, { ...span, destinationIds }),
    readCommits(ctx.store, { ...span, groupId: found.group.id, destinationIds }),
    readSweeps(ctx.store, span),
  ])
  const pairs = found.destinations.map((one) => ({
    destinationId: one.id,
    name: one.name,
    partitions: one.partitions,
    log: logs.find((row) => row.destinationId === one.id),
    commits: commits.find((row) => row.destinationId === one.id),
  }))
  return {
    clusterId: found.cluster.id,
    cluster: found.cluster.slug,
    stepMs,
    at: momentsOf({ ...input, stepMs }),
    sweeps,
    pairs,
  }
}

/** Positions whose moment is asked for, for one chart. */
const MAX_ASKED = 200

/** When the record at an offset was appended; null: unknown. */
type Passed = (pair: Pair, partition: number, offset: number) => number | null

/** From the rows at hand, and for positions from before them from the store, in one query. */
async function passedMoments(ctx: Context, read: Read): Promise<Passed> {
  const histories = new Map<string, EndHistory>()
  const missing = new Map<string, PassedRequest>()
  for (const pair of read.pairs) {
    for (let partition = 0; partition < pair.partitions; partition++) {
      const history = new EndHistory()
      pair.log?.ends.forEach((row, i) => {
        const end = row[partition]
        if (typeof end === "number") history.add(pair.log?.at[i] ?? 0, end)
      })
      histories.set(`${pair.destinationId}/${partition}`, history)
      const earliest = earliestCommit(pair, partition)
      if (earliest !== null && history.passedAt(earliest) === null) {
        const request = { destinationId: pair.destinationId, partition, offset: earliest }
        missing.set(keyOf(request), request)
      }
    }
  }
  const asked = [...missing.values()].slice(0, MAX_ASKED)
  const found = await whenEndPassed(ctx.store, read.clusterId, asked)
  const stored = new Map(found.map((one) => [keyOf(one), interpolate(one.offset, one.before, one.after)]))
  const older = asked.filter((one) => !stored.has(keyOf(one)))
  for (const [key, at] of await recordTimes(ctx, read, older)) stored.set(key, at)
  return (pair, partition, offset) =>
    histories.get(`${pair.destinationId}/${partition}`)?.passedAt(offset) ??
    stored.get(keyOf({ destinationId: pair.destinationId, partition, offset })) ??
    null
}

/** Timestamps of records from before all history, read from the broker where it can be asked. */
async function recordTimes(ctx: Context, read: Read, wanted: PassedRequest[]): Promise<Map<string, number>> {
  const times = new Map<string, number>()
  if (wanted.length === 0) return times
  const names = new Map(read.pairs.map((pair) => [pair.destinationId, pair.name]))
  const ids = new Map(read.pairs.map((pair) => [pair.name, pair.destinationId]))
  const positions = wanted.map((one) => ({
    destination: names.get(one.destinationId) ?? "",
    partition: one.partition,
    offset: BigInt(one.offset),
  }))
  try {
    const broker = await openBroker(ctx, read.cluster)
    const answer = await broker.messages?.read(positions, AbortSignal.timeout(3000))
    for (const { position, message } of answer?.found ?? []) {
      if (message?.timestamp === null || message?.timestamp === undefined) continue
      const request = {
        destinationId: ids.get(position.destination) ?? 0,
        partition: position.partition,
        offset: Number(position.offset),
      }
      times.set(keyOf(request), message.timestamp)
    }
  } catch (error) {
    ctx.log.debug({ err: error }, "records could not be asked for their time; the chart has a gap there")
  }
  return times
}

function earliestCommit(pair: Pair, partition: number): number | null {
  const first = pair.commits?.offsets.find((row) => (row[partition] ?? -1) >= 0)?.[partition]
  return typeof first === "number" ? first : null
}

function keyOf(one: { destinationId: number; partition: number; offset: number }): string {
  return `${one.destinationId}/${one.partition}/${one.offset}`
}

interface Point {
  lag: number
  lost: number
  timeLag: number | null
  end: number
  committed: number
}

function pointAt(read: Read, when: { at: number; passed: Passed; lost: Lost }): Point | null {
  let point: Point | null = null
  for (const pair of read.pairs) {
    for (let partition = 0; partition < pair.partitions; partition++) {
      const one = partitionAt(pair, { at: when.at, partition })
      if (!one) continue
      const passed = one.lag > 0 ? when.passed(pair, partition, Math.max(one.committed, one.start)) : null
      const timeLag = one.lag === 0 ? 0 : passed === null ? null : Math.max(0, when.at - passed)
      point ??= { lag: 0, lost: 0, timeLag: null, end: 0, committed: 0 }
      point.lag += one.lag
      point.lost += when.lost(pair, partition, when.at)
      point.end += one.end
      point.committed += one.committed
      if (timeLag !== null) point.timeLag = Math.max(point.timeLag ?? 0, timeLag)
    }
  }
  return point
}

function partitionAt(pair: Pair, when: { at: number; partition: number }) {
  const log = indexAt(pair.log?.at ?? [], when.at)
  const commit = indexAt(pair.commits?.at ?? [], when.at)
  const start = pair.log?.starts[log]?.[when.partition]
  const end = pair.log?.ends[log]?.[when.partition]
  const committed = pair.commits?.offsets[commit]?.[when.partition]
  if (typeof start !== "number" || typeof end !== "number" || typeof committed !== "number" || committed < 0)
    return null
  return { start, end, committed, lag: Math.max(0, end - Math.max(committed, start)) }
}
