import type { Store } from "#server/store/index.ts"
import { HOUR_MS } from "../calls/hours.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import { isLong, MINUTE_MS } from "./range.ts"
import type { CallsRow } from "./red.ts"

export interface OperationRow {
  id: number
  service: string
  kind: number
  name: string
  system: string
}

export interface StoredCalls extends CallsRow {
  /** ns. */
  at: string
  operation: OperationRow
  peer_id: number
}

/** What is read at once: an operation has a row of each minute, peer and status, each with a sketch. */
const AT_ONCE_MS = 10 * MINUTE_MS
/** Hours that are read at once. */
const HOURS_AT_ONCE_MS = 24 * HOUR_MS

/** The operations of one service, or of all; by id. */
export async function readOperations(
  store: Pick<Store, "pool">,
  service?: string,
): Promise<Map<number, OperationRow>> {
  const { rows } = await store.pool.query<OperationRow>(
    `select o.id, s.name as service, o.kind, o.name, o.system
     from traces.operation o join traces.service s on s.id = o.service_id where $1::text is null or s.name = $1`,
    [service ?? null],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * What was called in whole minutes of a range, ten of them at a time: of one service, or of all. Of a long range, which
 * begins with an hour, the hours that are added up already are read in place of their minutes.
 */
export async function* readCalls(
  store: Pick<Store, "pool">,
  range: { from: number; to: number },
  service?: string,
): AsyncGenerator<StoredCalls> {
  const operations = await readOperations(store, service)
  const ids = service === undefined ? null : [...operations.keys()]
  if (operations.size === 0) return
  const rows = isLong(range) ? hoursOf(store, range, ids) : minutesOf(store, range, ids)
  for await (const row of rows) {
    const operation = operations.get(row.operation_id)
    if (operation) yield { ...row, operation }
  }
}

type Row = CallsRow & { at: string; operation_id: number; peer_id: number }
type Ids = readonly number[] | null

async function* minutesOf(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
  ids: Ids,
): AsyncGenerator<Row> {
  for (let at = from; at < to; at += AT_ONCE_MS)
    yield* await rowsOf(store, "calls", { from: at, to: Math.min(at + AT_ONCE_MS, to), ids })
}

/** Whole hours, of which those that are not added up yet are read by the minute. */
async function* hoursOf(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
  ids: Ids,
): AsyncGenerator<Row> {
  for (let day = from; day < to; day += HOURS_AT_ONCE_MS) {
    const end = Math.min(day + HOURS_AT_ONCE_MS, to)
    const summed = await summedHours(store, day, end)
    for (const row of await rowsOf(store, "calls_hour", { from: day, to: end, ids }))
      if (summed.has(msOfNs(row.at))) yield row
    for (let hour = day; hour < end; hour += HOUR_MS)
      if (!summed.has(hour)) yield* minutesOf(store, { from: hour, to: Math.min(hour + HOUR_MS, end) }, ids)
  }
}

/** Hours that are added up, whichever services called something in them. */
async function summedHours(store: Pick<Store, "pool">, from: number, to: number): Promise<Set<number>> {
  const { rows } = await store.pool.query<{ at: string }>(
    "select distinct at from traces.calls_hour where at >= $1 and at < $2",
    [nanoseconds(from), nanoseconds(to)],
  )
  return new Set(rows.map(({ at }) => msOfNs(at)))
}

async function rowsOf(
  store: Pick<Store, "pool">,
  table: "calls" | "calls_hour",
  { from, to, ids }: { from: number; to: number; ids: Ids },
): Promise<Row[]> {
  const { rows } = await store.pool.query<Row>(
    `select at, operation_id, peer_id, status, sketch, slowest_ns, slowest_trace from traces.${table}
     where at >= $1 and at < $2 and ($3::int[] is null or operation_id = any($3))`,
    [nanoseconds(from), nanoseconds(to), ids],
  )
  return rows
}
