import type { Context } from "#server/context.ts"

const POINTS = 60

interface Row {
  group_id: number
  minute: string
  lag: string
}

/**
 * Total lag of each group, one value a minute over the last hour, from the rolled-up offsets: of each destination, the
 * last row at or before the minute counts. A minute without a sweep is a gap.
 */
export async function lagSparks(
  ctx: Context,
  groups: readonly { id: number; cluster_id: number }[],
): Promise<Map<number, (number | null)[]>> {
  const until = Math.floor(ctx.now() / 60_000)
  const from = until - POINTS
  const { rows } = await ctx.store.pool.query<Row>(
    `with minutes as (
       select distinct cluster_id, floor(extract(epoch from at) / 60)::bigint as minute from series.sweep_1m
       where cluster_id = any($2) and at >= to_timestamp($3 * 60)),
     pairs as (
       select g.id as group_id, g.cluster_id, gd.destination_id from group_destination gd
       join consumer_group g on g.id = gd.group_id where g.id = any($1))
     select p.group_id, m.minute, sum(l.lag) as lag from pairs p join minutes m on m.cluster_id = p.cluster_id
     cross join lateral (
       select sum(case when o >= 0 then greatest(e - greatest(o, s), 0) end) as lag from (
         select offsets from series.committed_offsets_1m c where c.cluster_id = p.cluster_id and c.group_id = p.group_id
           and c.destination_id = p.destination_id and c.at < to_timestamp((m.minute + 1) * 60)
           and c.at >= to_timestamp((m.minute - 6) * 60) order by c.at desc limit 1) c,
         (select starts, ends from series.log_offsets_1m d where d.cluster_id = p.cluster_id
           and d.destination_id = p.destination_id and d.at < to_timestamp((m.minute + 1) * 60)
           and d.at >= to_timestamp((m.minute - 6) * 60) order by d.at desc limit 1) d,
         unnest(c.offsets, d.starts, d.ends) as u(o, s, e)) l
     group by 1, 2`,
    [groups.map((one) => one.id), [...new Set(groups.map((one) => one.cluster_id))], from],
  )
  const byGroup = Map.groupBy(rows, (row) => row.group_id)
  return new Map(
    groups.map(({ id }) => {
      const values = new Map((byGroup.get(id) ?? []).map((row) => [Number(row.minute), Number(row.lag)]))
      return [id, Array.from({ length: POINTS }, (_, i) => values.get(from + i) ?? null)]
    }),
  )
}
