import type { Store } from "../store.ts"
import { REACH_MS } from "./read.ts"

/** Where the log of a destination began and ended when it was sampled last. Indexed by partition; null: unknown. */
export interface LastLog {
  destinationId: number
  starts: (bigint | null)[]
  ends: (bigint | null)[]
}

/** The last stored sample of these destinations; one that no sweep has stored lately is missing. */
export async function lastLogs(
  store: Store,
  of: { clusterId: number; destinationIds: readonly number[]; now: number },
): Promise<LastLog[]> {
  const { rows } = await store.pool.query<Row>(
    `select d.id, l.starts::text[] as starts, l.ends::text[] as ends from unnest($2::int[]) as d(id) cross join lateral (
       select starts, ends from series.log_offsets
       where cluster_id = $1 and destination_id = d.id and at >= $3 order by at desc limit 1) l`,
    [of.clusterId, of.destinationIds, new Date(of.now - REACH_MS.raw).toISOString()],
  )
  return rows.map((row) => ({
    destinationId: row.id,
    starts: row.starts.map(toOffset),
    ends: row.ends.map(toOffset),
  }))
}

interface Row {
  id: number
  starts: (string | null)[]
  ends: (string | null)[]
}

function toOffset(value: string | null): bigint | null {
  return value === null ? null : BigInt(value)
}
