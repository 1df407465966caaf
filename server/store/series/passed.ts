import type { Store } from "../store.ts"
import { LEVELS, tableName } from "./tables.ts"

export interface PassedRequest {
  destinationId: number
  partition: number
  offset: number
}

/** The two stored points around the moment at which the end offset passed an offset. */
export interface PassedBetween extends PassedRequest {
  before: { at: number; end: number }
  after: { at: number; end: number }
}

interface Row {
  i: string
  before_at: string | null
  before_end: string | null
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
  const found: PassedBetween[] = []
  let open = [...requests]
  for (const level of LEVELS) {
    if (open.length === 0) break
    const { rows } = await store.pool.query<Row>(passedSql(tableName("log_offsets", level)), [
      clusterId,
      open.map((request) => request.destinationId),
      open.map((request) => request.partition),
      open.map((request) => request.offset),
    ])
    const done = new Set<number>()
    for (const row of rows) {
      const index = Number(row.i) - 1
      const request = open[index]
      if (!request || row.before_at === null) continue
      done.add(index)
      found.push({
        ...request,
        before: { at: Number(row.before_at), end: Number(row.before_end) },
        after: { at: Number(row.after_at), end: Number(row.after_end) },
      })
    }
    open = open.filter((_, index) => !done.has(index))
  }
  return found
}

function passedSql(table: string): string {
  const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`
  return `select r.i, ${ms("b.at")} as before_at, b.e as before_end, ${ms("a.at")} as after_at, a.e as after_end
    from unnest($2::int[], $3::int[], $4::bigint[]) with ordinality as r(d, p, o, i)
    join lateral (select at, ends[r.p + 1] as e from ${table}
      where cluster_id = $1 and destination_id = r.d and ends[r.p + 1] > r.o order by at limit 1) a on true
    left join lateral (select at, ends[r.p + 1] as e from ${table}
      where cluster_id = $1 and destination_id = r.d and at < a.at and ends[r.p + 1] is not null
      order by at desc limit 1) b on true`
}
