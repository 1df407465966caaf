import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Problem } from "#server/brokers/broker.ts"
import type { Page } from "#server/clusters/index.ts"
import { freshnessOf, paging, readCluster, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"
import { brokerName, text } from "#server/inputs.ts"
import { toNumber } from "#server/numbers.ts"
import { adviceFor } from "../advice.ts"
import { storedRetention } from "../stored-retention.ts"
import type { Forecast, GroupDetail, GroupRow } from "../views.ts"
import { lagSparks } from "./sparks.ts"

/** Destinations that are listed of one group. */
const MAX_DESTINATIONS = 200

const SORTS = {
  severity: "severity",
  name: "g.name",
  cluster: "c.name",
  lag: "s.lag",
  timeLag: "s.time_lag_ms",
  lost: "s.lost",
  produceRate: "s.produce_rate",
  consumeRate: "s.consume_rate",
  members: "g.members",
} as const

export const listGroupsInput = z.object({
  clusters: z.array(slug).max(100).default([]),
  q: text(200).default(""),
  status: z.array(z.enum(GROUP_STATUSES)).default([]),
  /** Only the groups that read this destination. */
  destination: brokerName.optional(),
  sort: z.enum(Object.keys(SORTS) as [keyof typeof SORTS]).default("severity"),
  dir: z.enum(["asc", "desc"]).default("desc"),
  ...paging,
})

interface Row {
  id: number
  cluster_id: number
  cluster: string
  cluster_name: string
  system: string
  interval_ms: number
  name: string
  type: string
  state: string
  members: number | null
  sampled_at: Date | null
  status: GroupStatus
  rule: string | null
  since: Date | null
  sentence: string | null
  lag: string | null
  time_lag_ms: string | null
  lost: string | null
  partition_count: number | null
  unknown_partitions: number | null
  unknown_time_lags: number | null
  rates_partial: boolean | null
  compacted: boolean
  produce_rate: number | null
  consume_rate: number | null
  caught_up_in_ms: string | null
  lost_in_ms: string | null
  no_commit_partitions: number | null
  no_commit_messages: string | null
  problems: Problem[] | null
  total: string
}

const SELECT = `select g.id, g.cluster_id, c.slug as cluster, c.name as cluster_name, c.system, c.interval_ms, g.name,
    g.type, g.state, g.members, s.sampled_at, coalesce(s.status, 'unknown') as status, coalesce(s.severity, 2) as severity,
    s.rule, s.since, s.sentence, s.lag, s.time_lag_ms, s.lost, s.partition_count,
    s.unknown_partitions, s.unknown_time_lags, s.produce_rate, s.consume_rate, s.rates_partial, s.caught_up_in_ms, s.lost_in_ms,
    s.no_commit_partitions, s.no_commit_messages, s.problems,
    exists (select 1 from group_destination gd join destination d on d.id = gd.destination_id where gd.group_id = g.id
      and d.deleted_at is null and d.cleanup_policy like '%compact%') as compacted, count(*) over () as total
  from consumer_group g join cluster c on c.id = g.cluster_id left join group_state s on s.group_id = g.id
  where g.deleted_at is null`

/**
 * One page of the groups of all or some clusters that the actor may see, the worst first unless asked otherwise. A total
 * with an unknown part sorts by what is known of it, one of which nothing is known last.
 */
export async function listGroups(
  ctx: Context,
  input: z.output<typeof listGroupsInput>,
): Promise<Page<GroupRow>> {
  const visible = visibleClusters(ctx.actor)
  const { rows } = await ctx.store.pool.query<Row>(
    `${SELECT} and ($7::text[] is null or c.slug = any($7)) and (cardinality($1::text[]) = 0 or c.slug = any($1))
       and ($2 = '' or position(lower($2) in lower(g.name)) > 0)
       and (cardinality($3::text[]) = 0 or coalesce(s.status, 'unknown') = any($3))
       and ($4::text is null or exists (select 1 from group_destination gd join destination d on d.id = gd.destination_id
         where gd.group_id = g.id and d.name = $4 and d.deleted_at is null))
     order by ${SORTS[input.sort]} ${input.dir} nulls last, s.lag desc nulls last, g.name limit $5 offset $6`,
    [
      input.clusters,
      input.q,
      input.status,
      input.destination ?? null,
      input.pageSize,
      (input.page - 1) * input.pageSize,
      visible === "all" ? null : visible,
    ],
  )
  if (rows.length === 0 && input.page > 1) {
    // Past the last page: the pager still has to know how many there are to lead back.
    return { rows: [], total: (await listGroups(ctx, { ...input, page: 1, pageSize: 1 })).total }
  }
  const sparks = await lagSparks(ctx, rows)
  return { rows: rows.map((row) => toRow(row, sparks.get(row.id) ?? [])), total: Number(rows[0]?.total ?? 0) }
}

export const groupInput = z.object({ cluster: slug, group: brokerName })

/** One group, with what it reads. */
export async function getGroup(ctx: Context, input: z.output<typeof groupInput>): Promise<GroupDetail> {
  const cluster = await readCluster(ctx, input.cluster)
  const { rows } = await ctx.store.pool.query<Row>(`${SELECT} and c.slug = $1 and g.name = $2`, [
    input.cluster,
    input.group,
  ])
  const row = rows[0]
  if (!row) throw new DomainError("not_found", `Group ${input.group} does not exist on ${cluster.name}.`)
  const where = { groupId: row.id, destination: { deletedAt: null } }
  const [sparks, worstFirst, destinationCount] = await Promise.all([
    lagSparks(ctx, [row]),
    ctx.store.prisma.groupDestination.findMany({
      where,
      select: {
        status: true,
        lag: true,
        timeLagMs: true,
        lost: true,
        partitionCount: true,
        unknownPartitions: true,
        unknownTimeLags: true,
        destination: {
          select: { name: true, retentionMs: true, retentionBytes: true, cleanupPolicy: true },
        },
      },
      orderBy: [
        { lost: { sort: "desc", nulls: "last" } },
        { lag: { sort: "desc", nulls: "last" } },
        { destination: { name: "asc" } },
      ],
      take: MAX_DESTINATIONS,
    }),
    ctx.store.prisma.groupDestination.count({ where }),
  ])
  const byDestination = worstFirst.toSorted((a, b) => a.destination.name.localeCompare(b.destination.name))
  const group = toRow(row, sparks.get(row.id) ?? [])
  return {
    ...group,
    advice: adviceFor({
      status: group.verdict.status,
      members: group.members,
      partitions: group.parts.partitions,
      produceRate: group.produceRate,
      consumeRate: group.consumeRate,
      destination: worstOf(worstFirst),
    }),
    byDestination: byDestination.map((one) => ({
      destination: one.destination.name,
      status: one.status as GroupStatus,
      lag: one.lag === null ? null : Number(one.lag),
      timeLag: one.timeLagMs === null ? null : Number(one.timeLagMs),
      lost: one.lost === null ? null : Number(one.lost),
      parts: {
        partitions: one.partitionCount,
        unknown: one.unknownPartitions,
        unknownTimeLag: one.unknownTimeLags,
      },
    })),
    destinationCount,
    problems: row.problems ?? [],
    freshness: freshnessOf(cluster),
  }
}

interface Read {
  status: string
  lost: bigint | null
  lag: bigint | null
  destination: Parameters<typeof storedRetention>[0] & { name: string }
}

/** What a group loses most of, else what it lags on most. */
function worstOf(all: Read[]): { name: string; retentionMs: number | null } | null {
  const losing = all.filter((one) => one.status === "losing")
  const [worst] = (losing.length > 0 ? losing : all).toSorted(
    (a, b) => Number(b.lost ?? 0) - Number(a.lost ?? 0) || Number(b.lag ?? 0) - Number(a.lag ?? 0),
  )
  if (!worst) return null
  const { ms, deletes } = storedRetention(worst.destination)
  return { name: worst.destination.name, retentionMs: deletes && ms !== null && ms >= 0 ? ms : null }
}

/** Id and name of a group and its destinations, for the verbs that read its series. */
export async function findGroup(
  ctx: Context,
  input: { cluster: string; group: string; destination?: string | undefined },
) {
  const cluster = await readCluster(ctx, input.cluster)
  const group = await ctx.store.prisma.consumerGroup.findFirst({
    where: { clusterId: cluster.id, name: input.group, deletedAt: null },
    select: {
      id: true,
      name: true,
      members: true,
      destinations: {
        select: {
          destination: {
            select: {
              id: true,
              name: true,
              uid: true,
              partitions: true,
              retentionMs: true,
              retentionBytes: true,
              cleanupPolicy: true,
              held: true,
              deletedAt: true,
            },
          },
        },
      },
    },
  })
  if (!group) throw new DomainError("not_found", `Group ${input.group} does not exist on ${cluster.name}.`)
  const all = group.destinations.map((one) => one.destination).filter((one) => one.deletedAt === null)
  const destinations =
    input.destination === undefined ? all : all.filter((one) => one.name === input.destination)
  return { cluster, group, destinations: destinations.sort((a, b) => a.name.localeCompare(b.name)) }
}

function toRow(row: Row, spark: (number | null)[]): GroupRow {
  return {
    cluster: row.cluster,
    clusterName: row.cluster_name,
    system: row.system,
    name: row.name,
    type: row.type,
    state: row.state,
    verdict: {
      status: row.status,
      rule: row.rule ?? "1 unknown",
      since: row.since?.getTime() ?? 0,
      sentence: row.sentence ?? `${row.name} cannot be assessed yet: that takes three samples.`,
    },
    lag: toNumber(row.lag),
    timeLag: toNumber(row.time_lag_ms),
    lost: toNumber(row.lost),
    parts: {
      partitions: row.partition_count ?? 0,
      unknown: row.unknown_partitions ?? 0,
      unknownTimeLag: row.unknown_time_lags ?? 0,
    },
    produceRate: row.produce_rate,
    consumeRate: row.consume_rate,
    ratesPartial: row.rates_partial ?? false,
    caughtUpIn: toForecast(row.caught_up_in_ms),
    lostIn: toForecast(row.lost_in_ms),
    members: row.members,
    noCommit: row.no_commit_partitions
      ? { partitions: row.no_commit_partitions, messages: toNumber(row.no_commit_messages) }
      : null,
    compacted: row.compacted,
    spark,
    sampledAt: row.sampled_at?.getTime() ?? null,
    intervalMs: row.interval_ms,
  }
}

function toForecast(value: string | null): Forecast {
  if (value === null) return null
  return Number(value) < 0 ? "never" : Number(value)
}
