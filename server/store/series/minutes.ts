import type { Store } from "../store.ts"
import { NO_COMMIT } from "./encoding.ts"

const MINUTE_MS = 60_000

/** One value of a minute (minutes since the epoch); null: a part of it is unknown. */
export interface MinuteValue {
  id: number
  minute: number
  value: number | null
}

export interface MinuteSpan {
  clusterIds: readonly number[]
  /** Minutes since the epoch, both included. */
  from: number
  to: number
}

/** What grows: what is written to the destinations of a cluster, or what its groups have worked through. */
export type Growing = "written" | "consumed"

const GROWING = {
  written: { table: "series.log_offsets_1m", key: "t.destination_id", column: "ends", lowest: "t.ends" },
  consumed: {
    table: "series.committed_offsets_1m",
    key: "t.group_id, t.destination_id",
    column: "offsets",
    lowest: "coalesce(t.lowest, t.offsets)",
  },
} as const

/** A row holds this many minutes at most: it is written again when nothing changes. */
const HOLDS = 7

/**
 * Messages per minute and cluster (the id), without internal destinations: the growth of each partition from row to row,
 * then added. One that appears counts from its second row, one that went back has not grown, nor one that had no commit
 * in between. A minute in which one of
 * them is unknown is null. A minute without growth is left out.
 */
export async function growthByMinute(
  store: Store,
  growing: Growing,
  span: MinuteSpan,
): Promise<MinuteValue[]> {
  const { table, key, column, lowest } = GROWING[growing]
  const { rows } = await store.pool.query<{
    id: number
    minute: string
    until: string
    grown: string | null
  }>(
    `with rows as (
       select t.cluster_id, ${minuteOf("t.at")} as minute, t.${column} as now, ${lowest} as low, lag(t.${column}) over w as before,
         ${minuteOf("lead(t.at) over w")} as next
       from ${table} t join destination d on d.id = t.destination_id
       where t.cluster_id = any($1) and t.at >= to_timestamp($2::bigint * 60) and t.at < to_timestamp(($3::bigint + 1) * 60)
         and not d.internal
       window w as (partition by t.cluster_id, ${key} order by t.at))
     select cluster_id as id, minute, minute as until, sum((
         select sum(v - b) from unnest(now, before, low) as u(v, b, l) where b >= 0 and v > b and l >= 0)) as grown
     from rows where before is not null group by 1, 2
     union all
     select distinct cluster_id, minute, coalesce(next, minute + ${HOLDS}), null::numeric
     from rows where array_position(now, null) is not null`,
    [span.clusterIds, span.from - HOLDS, span.to],
  )
  const values = new Map<string, MinuteValue>()
  for (const { id, minute, grown } of rows)
    if (grown !== null) values.set(`${id}/${minute}`, { id, minute: Number(minute), value: Number(grown) })
  for (const row of rows) {
    if (row.grown !== null || row.until === row.minute) continue
    // Until it is known again, and in the minute in which it is: what it grew meanwhile belongs to no one minute.
    for (let minute = Number(row.minute); minute <= Math.min(Number(row.until), span.to); minute++)
      values.set(`${row.id}/${minute}`, { id: row.id, minute, value: null })
  }
  return [...values.values()].filter((one) => one.minute >= span.from)
}

/**
 * Lag of each group (the id) per minute, as the chart of the group shows it: of every destination that it had committed
 * on and that existed then. Of each, the last row at or before the last sweep of the minute counts. null: the lag of one
 * partition is unknown. A minute without a sweep is left out.
 */
export async function lagByMinute(
  store: Store,
  groupIds: readonly number[],
  span: MinuteSpan,
): Promise<MinuteValue[]> {
  const { rows } = await store.pool.query<{ id: number; minute: string; value: string | null }>(LAG_SQL, [
    groupIds,
    span.clusterIds,
    span.from,
    span.to,
  ])
  return rows.map((row) => ({
    id: row.id,
    minute: Number(row.minute),
    value: row.value === null ? null : Number(row.value),
  }))
}

const LAG_SQL = `with minutes as (
    select distinct on (cluster_id, ${minuteOf("at")}) cluster_id, ${minuteOf("at")} as minute, at from series.sweep_1m
    where cluster_id = any($2) and at >= to_timestamp($3::bigint * 60) and at < to_timestamp(($4::bigint + 1) * 60)
    order by cluster_id, ${minuteOf("at")}, at desc),
  pairs as (
    select distinct c.cluster_id, c.group_id, c.destination_id, d.deleted_at
    from series.committed_offsets_1m c join destination d on d.id = c.destination_id
    where c.cluster_id = any($2) and c.group_id = any($1) and c.at >= to_timestamp(($3::bigint - ${HOLDS}) * 60)
      and c.at < to_timestamp(($4::bigint + 1) * 60))
  select p.group_id as id, m.minute, case when bool_or(l.unknown) then null else sum(l.lag) end as value
  from pairs p join minutes m on m.cluster_id = p.cluster_id and (p.deleted_at is null or m.at < p.deleted_at)
  cross join lateral (
    select offsets from series.committed_offsets_1m c where c.cluster_id = p.cluster_id and c.group_id = p.group_id
      and c.destination_id = p.destination_id and c.at <= m.at
      and c.at >= to_timestamp((m.minute - ${HOLDS}) * 60) order by c.at desc limit 1) c
  left join lateral (
    select starts, ends from series.log_offsets_1m d where d.cluster_id = p.cluster_id
      and d.destination_id = p.destination_id and d.at <= m.at
      and d.at >= to_timestamp((m.minute - ${HOLDS}) * 60) order by d.at desc limit 1) d on true
  cross join lateral (
    select sum(e - least(e, greatest(o, s))) filter (where known) as lag,
      bool_or(o is null or o >= 0 and not known) as unknown, bool_or(o is distinct from ${NO_COMMIT}) as commits
    from (select u.*, o >= 0 and s is not null and coalesce(o <= e, false) as known
      from unnest(c.offsets, d.starts[:cardinality(c.offsets)], d.ends[:cardinality(c.offsets)]) as u(o, s, e)) u) l
  where l.commits group by 1, 2`

/** Of each cluster the minutes in which a sweep was stored, with the moment (ms) of the last one: growth counts until then. */
export async function sweptMinutes(
  store: Store,
  span: MinuteSpan,
): Promise<Map<number, Map<number, number>>> {
  const { rows } = await store.pool.query<{ id: number; at: string }>(
    `select cluster_id as id, (extract(epoch from at) * 1000)::bigint as at from series.sweep_1m
     where cluster_id = any($1) and at >= to_timestamp($2::bigint * 60) and at < to_timestamp(($3::bigint + 1) * 60)
     order by at`,
    [span.clusterIds, span.from, span.to],
  )
  const byCluster = Map.groupBy(rows, (row) => row.id)
  const lastOf = (mine: typeof rows) => new Map(mine.map(({ at }) => [minuteAt(Number(at)), Number(at)]))
  return new Map([...byCluster].map(([id, mine]) => [id, lastOf(mine)]))
}

export function minuteAt(ms: number): number {
  return Math.floor(ms / MINUTE_MS)
}

function minuteOf(at: string): string {
  return `floor(extract(epoch from ${at}) / 60)::bigint`
}
