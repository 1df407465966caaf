import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError, messageOf } from "#server/errors.ts"
import { readLogs } from "#server/store/index.ts"
import { openBroker } from "./open-broker.ts"
import { freshnessOf, paging, readCluster, slug } from "./rows.ts"
import type { DestinationDetail, DestinationHealth, DestinationRow, Page } from "./views.ts"

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
  q: z.string().max(200).default(""),
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
  groups: string
  retention_ms: string | null
  retention_bytes: string | null
  cleanup_policy: string | null
  total: string
}

const COLUMNS = `d.name, d.internal, d.partitions, d.replication_factor, d.under_replicated, d.under_min_isr, d.offline,
  d.messages, d.bytes, d.produce_rate, d.retention_ms, d.retention_bytes, d.cleanup_policy,
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

export const destinationInput = z.object({ cluster: slug, name: z.string().min(1) })

/** One destination: what is stored of it, and what the broker says of it now, if it can be asked. */
export async function getDestination(
  ctx: Context,
  input: z.output<typeof destinationInput>,
): Promise<DestinationDetail> {
  const cluster = await readCluster(ctx, input.cluster)
  const { rows } = await ctx.store.pool.query<Row & { id: number }>(
    `select ${COLUMNS}, d.id, 1 as total from destination d where d.cluster_id = $1 and d.name = $2 and d.deleted_at is null`,
    [cluster.id, input.name],
  )
  const row = rows[0]
  if (!row) throw new DomainError("not_found", `There is no ${input.name} on ${cluster.name} (any more).`)
  const now = ctx.now()
  const [live, logs] = await Promise.all([
    describeNow(ctx, input),
    readLogs(ctx.store, {
      clusterId: cluster.id,
      destinationIds: [row.id],
      from: now - 60_000,
      to: now,
      stepMs: 1000,
    }),
  ])
  const partitions = live.described?.destinations[0]?.partitions ?? []
  const log = logs[0]
  return {
    ...toRow(row),
    partitionList: partitions.map((partition) => {
      const last = log?.ends.at(-1)?.[partition.index] ?? null
      return {
        ...withoutBigints(partition),
        start: log?.starts.at(-1)?.[partition.index] ?? null,
        end: last,
        rate: rateOf(log, partition.index),
      }
    }),
    config: live.described?.configs[0]?.entries ?? null,
    notes: partitions.flatMap((partition) =>
      openTransactionNote(partition, log?.ends.at(-1)?.[partition.index] ?? null),
    ),
    problems: [...(live.described?.problems ?? []), ...live.problems],
    freshness: freshnessOf(cluster),
  }
}

async function describeNow(ctx: Context, input: { cluster: string; name: string }) {
  try {
    const broker = await openBroker(ctx, input.cluster)
    const scope = { destinations: [input.name], configs: [input.name] }
    return { described: await broker.describe(scope, AbortSignal.timeout(5000)), problems: [] }
  } catch (error) {
    const message = `The cluster could not be asked: ${messageOf(error)}`
    return {
      described: null,
      problems: [{ part: { kind: "cluster" as const }, code: "unreachable", message }],
    }
  }
}

function rateOf(
  log: { at: number[]; ends: (number | null)[][] } | undefined,
  partition: number,
): number | null {
  const first = log?.ends[0]?.[partition]
  const last = log?.ends.at(-1)?.[partition]
  const seconds = ((log?.at.at(-1) ?? 0) - (log?.at[0] ?? 0)) / 1000
  return typeof first === "number" && typeof last === "number" && seconds > 0
    ? (last - first) / seconds
    : null
}

function withoutBigints<Value extends { lastStableOffset?: bigint; bytes: bigint | null }>(value: Value) {
  const { lastStableOffset: _stable, bytes, ...rest } = value
  return { ...rest, bytes: bytes === null ? null : Number(bytes) }
}

function openTransactionNote(
  partition: { index: number; lastStableOffset?: bigint },
  end: number | null,
): string[] {
  if (partition.lastStableOffset === undefined || end === null) return []
  const held = Math.max(0, end - Number(partition.lastStableOffset))
  if (held === 0) return []
  return [
    `An open transaction on partition ${partition.index} hides the last ${held} offsets from read_committed consumers.`,
  ]
}

function toRow(row: Row): DestinationRow {
  const health: DestinationHealth =
    row.offline > 0
      ? "offline"
      : row.under_min_isr > 0
        ? "under-min-isr"
        : row.under_replicated > 0
          ? "under-replicated"
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
    groups: Number(row.groups),
    retentionMs: toNumber(row.retention_ms),
    retentionBytes: toNumber(row.retention_bytes),
    cleanupPolicy: row.cleanup_policy,
  }
}

function toNumber(value: string | null): number | null {
  return value === null ? null : Number(value)
}
