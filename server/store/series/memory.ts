import type { Store } from "../store.ts"
import { MAX_REACH_MS } from "./growth.ts"
import type { SweepMemory } from "./write.ts"

interface Row {
  key: string
  at: string
  row: string
}

/**
 * What was written last of each series of a cluster, as a collector finds it that starts or takes over. Without it, every
 * row would be written again although nothing changed, and commits that ended meanwhile would go on holding: so it looks
 * back as far as the readers of any resolution let a row hold. What is stored of later moments does not hold yet.
 */
export async function loadSweepMemory(store: Store, clusterId: number, now: number): Promise<SweepMemory> {
  const since = new Date(now - MAX_REACH_MS).toISOString()
  const read = (sql: string) => store.pool.query<Row>(sql, [clusterId, since, new Date(now).toISOString()])
  const answers = await Promise.all([read(LAST_LOGS), read(LAST_COMMITS)])
  const rows = answers.flatMap((answer) => answer.rows)
  return { written: new Map(rows.map(({ key, at, row }) => [key, { at: Number(at), row }])) }
}

// The text of an array in PostgreSQL is the text that COPY is given, so rows can be compared as text.
const LAST_LOGS = `select 'l' || d.id as key, (extract(epoch from l.at) * 1000)::bigint as at,
    l.starts::text || E'\\t' || l.ends::text as row
  from destination d cross join lateral (
    select at, starts, ends from series.log_offsets
    where cluster_id = $1 and destination_id = d.id and at >= $2 and at <= $3 order by at desc limit 1) l
  where d.cluster_id = $1 and d.deleted_at is null`

const LAST_COMMITS = `select 'c' || g.id || '/' || gd.destination_id as key,
    (extract(epoch from c.at) * 1000)::bigint as at, c.offsets::text as row
  from consumer_group g join group_destination gd on gd.group_id = g.id cross join lateral (
    select at, offsets from series.committed_offsets
    where cluster_id = $1 and group_id = g.id and destination_id = gd.destination_id and at >= $2 and at <= $3
    order by at desc limit 1) c
  where g.cluster_id = $1 and g.deleted_at is null`
