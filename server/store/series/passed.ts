import type { Store } from "../store.ts"
import { type Level, tableName } from "./tables.ts"

export interface PassedRequest {
  destinationId: number
  partition: number
  offset: number
}

/**
 * The two sweeps around the moment at which the end offset passed an offset. Of an end that stood still the rows lie far
 * apart, as what did not change is not written: `before` is the last sweep that still found it there.
 */
export interface PassedBetween extends PassedRequest {
  before: { at: number; end: number }
  after: { at: number; end: number }
}

interface Row {
  i: string
  before_at: string
  before_end: string
  after_at: string
  after_end: string
}

/**
 * For each request, when the end offset of the partition passed the offset, from the finest history that reaches back
 * to it. A request whose moment lies before all history is left out.
 */
export async function whenEndPassed(
  store: Store,
  clusterId: number,
  requests: readonly PassedRequest[],
): Promise<PassedBetween[]> {
  if (requests.length === 0) return []
  const { rows } = await store.pool.query<Row>(PASSED_SQL, [
    clusterId,
    requests.map((request) => request.destinationId),
    requests.map((request) => request.partition),
    requests.map((request) => request.offset),
  ])
  return rows.flatMap((row) => {
    const request = requests[Number(row.i) - 1]
    if (!request) return []
    return {
      ...request,
      before: { at: Number(row.before_at), end: Number(row.before_end) },
      after: { at: Number(row.after_at), end: Number(row.after_end) },
    }
  })
}

/**
 * End offsets only grow, so the moment is sought from coarse to fine: the last row before it and the first after it
 * bound the search in the next finer level, and the days of raw rows are never scanned. Roll-ups keep a row's own
 * moment, so a bound is itself a row of the finer level.
 */
const PASSED_SQL = passedSql()

function passedSql(): string {
  const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`
  const first = (columns: string[]) => `coalesce(${columns.join(", ")})`
  const beforeAt = first(["b1.at", "b2.at", "b3.at"])
  return `select r.i, ${ms(`greatest(${beforeAt}, held.at)`)} as before_at, ${first(["b1.e", "b2.e", "b3.e"])} as before_end,
      ${ms(first(["a1.at", "a2.at", "a3.at"]))} as after_at, ${first(["a1.e", "a2.e", "a3.e"])} as after_end
    from unnest($2::int[], $3::int[], $4::bigint[]) with ordinality as r(d, p, o, i)
    left join lateral (${rowsOf("10m", "true")} order by at limit 1) f on true
    left join lateral (${rowsOf("10m", "f.e <= r.o and ends[r.p + 1] <= r.o")} order by at desc limit 1) b3 on true
    left join lateral (${after("10m", "b3.at", "null")}) a3 on true
    left join lateral (${before("1m", "b3.at", "a3.at")}) b2 on true
    left join lateral (${after("1m", "b2.at, b3.at", "a3.at")}) a2 on true
    left join lateral (${before("raw", "b2.at, b3.at", "a2.at, a3.at")}) b1 on true
    left join lateral (${after("raw", "b1.at, b2.at, b3.at", "a2.at, a3.at")}) a1 on true
    left join lateral (select case when b1.at is not null then (${heldUntil("raw", "b1")})
      when b2.at is not null then (${heldUntil("1m", "b2")}) else (${heldUntil("10m", "b3")}) end as at) held on true
    where ${beforeAt} is not null and ${first(["a1.at", "a2.at", "a3.at"])} is not null`
}

/** The last sweep before the row that follows a row: until then that one held. */
function heldUntil(level: Level, row: string): string {
  const next = `${rowsOf(level, `at > ${row}.at`)} order by at limit 1`
  return `select at from ${tableName("sweep", level)} where cluster_id = $1 and at > ${row}.at
    and at < (select at from (${next}) as next) order by at desc limit 1`
}

function rowsOf(level: Level, condition: string): string {
  return `select at, ends[r.p + 1] as e from ${tableName("log_offsets", level)}
    where cluster_id = $1 and destination_id = r.d and ${condition}`
}

function before(level: Level, low: string, high: string): string {
  const within = `at >= coalesce(${low}, '-infinity') and at <= coalesce(${high}, 'infinity'::timestamptz)`
  return `${rowsOf(level, `${within} and ends[r.p + 1] <= r.o`)} order by at desc limit 1`
}

function after(level: Level, low: string, high: string): string {
  const within = `at > coalesce(${low}, '-infinity') and at <= coalesce(${high}, 'infinity'::timestamptz)`
  return `${rowsOf(level, `${within} and ends[r.p + 1] > r.o`)} order by at limit 1`
}
