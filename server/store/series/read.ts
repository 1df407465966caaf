import { toNumber } from "#server/numbers.ts"
import type { Store } from "../store.ts"
import { type Keep, LEVELS, type Level, tableName } from "./tables.ts"
import { HEARTBEAT_MS } from "./write.ts"

/** Rows of one destination in time order; each holds until the next (carry it forward). null: unknown. */
export interface LogSeries {
  destinationId: number
  at: number[]
  starts: (number | null)[][]
  ends: (number | null)[][]
}

/** As LogSeries, of one group on one destination; see `encoding.ts`. `lowest`: of a roll-up, where it differs. */
export interface CommitSeries {
  groupId: number
  destinationId: number
  at: number[]
  offsets: (number | null)[][]
  lowest: ((number | null)[] | null)[]
}

export interface Span {
  clusterId: number
  from: number
  to: number
  /** The coarsest step that is still fine enough for the caller, in ms. */
  stepMs: number
  /** The resolution to read; by default the one that suits the step. */
  level?: Level
}

/** How far back a row that still holds may have been written, per resolution. */
export const REACH_MS: Record<Level, number> = {
  raw: HEARTBEAT_MS + 60_000,
  "1m": HEARTBEAT_MS + 120_000,
  "10m": 1_500_000,
}
const DAY_MS = 86_400_000

/** The resolution that answers a span: no finer than asked for, and kept that long. */
export function levelFor(span: { from: number; stepMs: number }, kept: { now: number; keep: Keep }): Level {
  const reaches = (level: Level) => span.from > kept.now - kept.keep[level] * DAY_MS
  if (span.stepMs < 60_000 && reaches("raw")) return "raw"
  if (span.stepMs < 600_000 && reaches("1m")) return "1m"
  return "10m"
}

/** Offsets of the logs (all, or of these destinations) over a span, with the row before it that still held at its start. */
export async function readLogs(
  store: Store,
  span: Span & { destinationIds?: readonly number[] },
): Promise<LogSeries[]> {
  const rows = await readRows<LogRow>(store, {
    base: "log_offsets",
    columns: "destination_id, starts, ends",
    where: "($4::int[] is null or destination_id = any($4))",
    span,
    values: [span.destinationIds ?? null],
  })
  const series = new Map<number, LogSeries>()
  for (const row of rows) {
    const one = series.get(row.destination_id) ?? {
      destinationId: row.destination_id,
      at: [],
      starts: [],
      ends: [],
    }
    series.set(row.destination_id, one)
    one.at.push(Number(row.at))
    one.starts.push(row.starts.map(toNumber))
    one.ends.push(row.ends.map(toNumber))
  }
  return [...series.values()]
}

/** Committed offsets (of all groups, or of one) over a span, with the row before it that still held at its start. */
export async function readCommits(
  store: Store,
  span: Span & { groupId?: number; destinationIds?: readonly number[] },
): Promise<CommitSeries[]> {
  const rows = await readRows<CommitRow>(store, {
    base: "committed_offsets",
    columns: "group_id, destination_id, offsets",
    rolled: "lowest",
    where: "($4::int is null or group_id = $4) and ($5::int[] is null or destination_id = any($5))",
    span,
    values: [span.groupId ?? null, span.destinationIds ?? null],
  })
  const series = new Map<string, CommitSeries>()
  for (const row of rows) {
    const key = `${row.group_id}/${row.destination_id}`
    const one = series.get(key) ?? {
      groupId: row.group_id,
      destinationId: row.destination_id,
      at: [],
      offsets: [],
      lowest: [],
    }
    series.set(key, one)
    one.at.push(Number(row.at))
    one.offsets.push(row.offsets.map(toNumber))
    one.lowest.push(row.lowest?.map(toNumber) ?? null)
  }
  return [...series.values()]
}

/** Moments at which a sweep was stored; where they are missing, nothing is known. */
export async function readSweeps(store: Store, span: Span): Promise<number[]> {
  const rows = await readRows<{ at: string }>(store, {
    base: "sweep",
    columns: "cluster_id",
    where: "true",
    span,
    values: [],
  })
  return rows.map((row) => Number(row.at))
}

/** The first sweep of a cluster that is still stored, at whatever resolution; null: none. */
export async function firstSweep(store: Store, clusterId: number): Promise<number | null> {
  const first = (level: Level) =>
    `(select min(at) as at from ${tableName("sweep", level)} where cluster_id = $1)`
  const { rows } = await store.pool.query<{ at: string | null }>(
    `select ${ms("min(at)")} as at from (${LEVELS.map(first).join(" union all ")}) as firsts`,
    [clusterId],
  )
  const at = rows[0]?.at
  return at === null || at === undefined ? null : Number(at)
}

interface LogRow {
  at: string
  destination_id: number
  starts: (string | null)[]
  ends: (string | null)[]
}

interface CommitRow {
  at: string
  group_id: number
  destination_id: number
  offsets: (string | null)[]
  lowest?: (string | null)[] | null
}

interface RowQuery {
  base: "sweep" | "log_offsets" | "committed_offsets"
  columns: string
  /** A column that only roll-ups have: null in raw rows. */
  rolled?: string
  where: string
  span: Span
  values: unknown[]
}

/** Reads a roll-up until where it is complete, and the raw rows after that. */
async function readRows<Row extends object>(store: Store, query: RowQuery): Promise<Row[]> {
  const level = query.span.level ?? levelFor(query.span, { now: Date.now(), keep: store.keep })
  const from = new Date(query.span.from - REACH_MS[level]).toISOString()
  const rolled = query.rolled === undefined ? [] : [query.rolled]
  const select = (table: string, more: readonly string[]) =>
    `select ${[`${ms("at")} as at`, query.columns, ...more].join(", ")} from ${table}
    where cluster_id = $1 and at >= $2 and at <= $3 and ${query.where}`
  const raw = tableName(query.base, "raw")
  const missing = rolled.map((column) => `null::bigint[] as ${column}`)
  const sql =
    level === "raw"
      ? `${select(raw, [])} order by at`
      : `with edge as (select coalesce((select until from series.rolled_up where level = '${level}'), '-infinity') as until)
         (${select(tableName(query.base, level), rolled)} and at < (select until from edge))
         union all (${select(raw, missing)} and at >= (select until from edge)) order by at`
  const { rows } = await store.pool.query<Row>(sql, [
    query.span.clusterId,
    from,
    new Date(query.span.to).toISOString(),
    ...query.values,
  ])
  return rows
}

function ms(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::bigint`
}
