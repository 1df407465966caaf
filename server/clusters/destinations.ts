import { z } from "zod"
import type { DestinationHealth } from "#server/brokers/system.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName, text } from "#server/inputs.ts"
import { toNumber } from "#server/numbers.ts"
import { describeNow } from "./describe-now.ts"
import { freshnessOf, paging, readCluster, slug } from "./rows.ts"
import type { DestinationDetail, DestinationRow, Page } from "./views.ts"

const SORTS = {
  name: "d.name",
  partitions: "d.partitions",
  messages: "d.messages",
  bytes: "d.bytes",
  rate: "d.produce_rate",
  groups: "groups",
  retention: "d.retention_ms",
} as const

export const listDestinationsInput = z.object({
  cluster: slug,
  q: text(200).default(""),
  internal: z.boolean().default(false),
  health: z.enum(["all", "bad"]).default("all"),
  sort: z.enum(Object.keys(SORTS) as [keyof typeof SORTS]).default("name"),
  dir: z.enum(["asc", "desc"]).default("asc"),
  ...paging,
})

interface Row {
  name: string
  internal: boolean
  partitions: number
  replication_factor: number | null
  under_replicated: number
  under_min_isr: number
  offline: number
  messages: string | null
  bytes: string | null
  produce_rate: number | null
  rate_partial: boolean
  groups: string
  retention_ms: string | null
  retention_bytes: string | null
  cleanup_policy: string | null
  total: string
}

const COLUMNS = `d.name, d.internal, d.partitions, d.replication_factor, d.under_replicated, d.under_min_isr, d.offline,
  d.messages, d.bytes, d.produce_rate, d.rate_partial, d.retention_ms, d.retention_bytes, d.cleanup_policy,
  (select count(*) from group_destination gd join consumer_group g on g.id = gd.group_id and g.deleted_at is null
   where gd.destination_id = d.id) as groups`

const MATCHING = `d.cluster_id = $1 and d.deleted_at is null and ($2 or not d.internal)
  and ($3 = '' or position(lower($3) in lower(d.name)) > 0)
  and (not $4 or d.under_replicated + d.under_min_isr + d.offline > 0)`

/** One page of a cluster's destinations. */
export async function listDestinations(
  ctx: Context,
  input: z.output<typeof listDestinationsInput>,
): Promise<Page<DestinationRow>> {
  const cluster = await readCluster(ctx, input.cluster)
  const matching = [cluster.id, input.internal, input.q, input.health === "bad"]
  const { rows } = await ctx.store.pool.query<Row>(
    `select ${COLUMNS}, count(*) over () as total from destination d where ${MATCHING}
     order by ${SORTS[input.sort]} ${input.dir} nulls last, d.name limit $5 offset $6`,
    [...matching, input.pageSize, (input.page - 1) * input.pageSize],
  )
  if (rows.length > 0 || input.page === 1)
    return { rows: rows.map(toRow), total: Number(rows[0]?.total ?? 0) }
  // Past the last page: the pager still has to know how many there are to lead back.
  const counted = await ctx.store.pool.query<{ total: string }>(
    `select count(*) as total from destination d where ${MATCHING}`,
    matching,
  )
  return { rows: [], total: Number(counted.rows[0]?.total ?? 0) }
}

export const destinationInput = z.object({ cluster: slug, name: brokerName.min(1) })

/** The row of a destination that is there now. Rejects with `not_found`. */
export async function findDestination(ctx: Context, input: z.output<typeof destinationInput>) {
  const cluster = await readCluster(ctx, input.cluster)
  const { rows } = await ctx.store.pool.query<Row & { id: number }>(
    `select ${COLUMNS}, d.id, 1 as total from destination d where d.cluster_id = $1 and d.name = $2 and d.deleted_at is null`,
    [cluster.id, input.name],
  )
  const row = rows[0]
  if (!row) throw new DomainError("not_found", `${input.name} does not exist on ${cluster.name}.`)
  return { cluster, row }
}

/** One destination: what is stored of it, and what the broker says of it now, if it can be asked. */
export async function getDestination(
  ctx: Context,
  input: z.output<typeof destinationInput>,
): Promise<DestinationDetail> {
  const { cluster, row } = await findDestination(ctx, input)
  const { described, problems } = await describeNow(ctx, input)
  const now = described?.destinations[0]
  return {
    ...toRow(row),
    // What the broker says now: partitions that were just added are in its list before the next sweep.
    partitions: now?.partitions.length || row.partitions,
    config: described?.configs[0]?.entries ?? null,
    notes: now?.notes ?? [],
    problems: [...(described?.problems ?? []), ...problems],
    freshness: freshnessOf(cluster),
  }
}

function toRow(row: Row): DestinationRow {
  const health: DestinationHealth =
    row.offline > 0
      ? "offline"
      : row.under_min_isr > 0
        ? "refusing"
        : row.under_replicated > 0
          ? "degraded"
          : "ok"
  const offsets = toNumber(row.messages)
  // Compaction takes messages out and leaves their offsets: a difference of offsets is no count of messages then.
  const compacted = row.cleanup_policy?.includes("compact") ?? false
  return {
    name: row.name,
    internal: row.internal,
    partitions: row.partitions,
    replicationFactor: row.replication_factor,
    health,
    messages: compacted ? null : offsets,
    offsets,
    bytes: toNumber(row.bytes),
    produceRate: row.produce_rate,
    produceRatePartial: row.rate_partial,
    groups: Number(row.groups),
    retentionMs: toNumber(row.retention_ms),
    retentionBytes: toNumber(row.retention_bytes),
    cleanupPolicy: row.cleanup_policy,
  }
}
