import type { Context } from "#server/context.ts"

const POINTS = 60

export interface Sparks {
  produced: (number | null)[]
  consumed: (number | null)[]
}

interface Row {
  cluster_id: number
  minute: string
  total: string
}

/**
 * Messages a second in and out of each cluster, one value a minute over the last hour, from the rolled-up offsets. A
 * minute without a sweep is a gap.
 */
export async function clusterSparks(
  ctx: Context,
  clusters: readonly { id: number }[],
): Promise<Map<number, Sparks>> {
  const until = Math.floor(ctx.now() / 60_000)
  const from = until - POINTS - 6
  const parameters = [clusters.map((one) => one.id), new Date(from * 60_000).toISOString()]
  const [produced, consumed, swept] = await Promise.all([
    ctx.store.pool.query<Row>(growth("log_offsets_1m", "destination_id", "ends"), parameters),
    ctx.store.pool.query<Row>(
      growth("committed_offsets_1m", "group_id, destination_id", "offsets"),
      parameters,
    ),
    ctx.store.pool.query<{ cluster_id: number; minute: string }>(
      `select cluster_id, floor(extract(epoch from at) / 60)::bigint as minute from series.sweep_1m
       where cluster_id = any($1) and at >= $2`,
      parameters,
    ),
  ])
  return new Map(
    clusters.map(({ id }) => {
      const minutes = new Set(
        swept.rows.filter((row) => row.cluster_id === id).map((row) => Number(row.minute)),
      )
      const line = (rows: Row[]) => {
        const totals = new Map(
          rows.filter((row) => row.cluster_id === id).map((row) => [Number(row.minute), Number(row.total)]),
        )
        return Array.from({ length: POINTS }, (_, i) => {
          const minute = until - POINTS + i
          return minutes.has(minute) ? (totals.get(minute) ?? 0) / 60 : null
        })
      }
      return [id, { produced: line(produced.rows), consumed: line(consumed.rows) }]
    }),
  )
}

/** Growth per minute of a series, summed over the cluster; going back (a reset) counts as nothing. */
function growth(table: string, key: string, column: string): string {
  return `with sums as (
      select cluster_id, ${key}, floor(extract(epoch from at) / 60)::bigint as minute,
        (select sum(greatest(v, 0)) from unnest(${column}) as v) as total
      from series.${table} where cluster_id = any($1) and at >= $2),
    steps as (
      select cluster_id, minute, greatest(total - lag(total) over (partition by cluster_id, ${key} order by minute), 0) as grown
      from sums)
    select cluster_id, minute, sum(grown) as total from steps where grown is not null group by 1, 2`
}
