import { visibleClusters } from "#server/access/index.ts"
import { capabilitiesOf } from "#server/brokers/capabilities.ts"
import type { Context } from "#server/context.ts"
import type { GroupStatus } from "#server/group-status.ts"
import { openBroker } from "./open-broker.ts"
import { type ClusterRow, freshnessOf, readCluster, readClusters } from "./rows.ts"
import type { ClusterDetail, ClusterHead, ClusterSummary } from "./views.ts"

/** Every cluster that the actor may see, as the overview shows it. */
export async function listClusters(ctx: Context): Promise<ClusterSummary[]> {
  const visible = visibleClusters(ctx.actor)
  return summarise(ctx, await readClusters(ctx, visible === "all" ? undefined : visible))
}

interface ClusterName {
  slug: string
  name: string
  system: string
  /** Such as production; null: it was not set. */
  environment: string | null
}

/** The clusters that the actor may see, by name alone. */
export async function nameClusters(ctx: Context): Promise<ClusterName[]> {
  const visible = visibleClusters(ctx.actor)
  return ctx.store.prisma.cluster.findMany({
    ...(visible === "all" ? {} : { where: { slug: { in: [...visible] } } }),
    select: { slug: true, name: true, system: true, environment: true },
    orderBy: { name: "asc" },
  })
}

/** What every page about a cluster needs: its name, words and capabilities, and how fresh its numbers are. One row. */
export async function getClusterHead(ctx: Context, input: { cluster: string }): Promise<ClusterHead> {
  const row = await readCluster(ctx, input.cluster)
  const { slug, name, system, version, environment } = row
  const capabilities = await openBroker(ctx, slug).then(capabilitiesOf, () => null)
  return { slug, name, system, version, environment, capabilities, freshness: freshnessOf(row) }
}

/** One cluster with its nodes. */
export async function getCluster(ctx: Context, input: { cluster: string }): Promise<ClusterDetail> {
  const row = await readCluster(ctx, input.cluster)
  const [summary] = await summarise(ctx, [row])
  return {
    ...(summary as ClusterSummary),
    clusterId: row.brokerUid,
    nodeList: row.nodes ?? [],
    leadersByNode: row.leaders,
    sweep: row.sweep,
  }
}

interface Counts {
  cluster_id: number
  destinations: string
  partitions: string
}

async function summarise(ctx: Context, rows: ClusterRow[]): Promise<ClusterSummary[]> {
  const ids = rows.map((row) => row.id)
  const [counts, statuses] = await Promise.all([
    ctx.store.pool.query<Counts>(
      `select cluster_id, count(*) filter (where not internal) as destinations, coalesce(sum(partitions), 0) as partitions
       from destination where deleted_at is null and cluster_id = any($1) group by 1`,
      [ids],
    ),
    ctx.store.pool.query<{ cluster_id: number; status: GroupStatus; n: string }>(
      `select g.cluster_id, coalesce(s.status, 'unknown') as status, count(*) as n from consumer_group g
       left join group_state s on s.group_id = g.id where g.deleted_at is null and g.cluster_id = any($1) group by 1, 2`,
      [ids],
    ),
  ])
  const countOf = new Map(counts.rows.map((row) => [row.cluster_id, row]))
  return rows.map((row) => {
    const mine = statuses.rows.filter((one) => one.cluster_id === row.id)
    const sampled = row.sampledAt !== null
    return {
      slug: row.slug,
      name: row.name,
      system: row.system,
      version: row.version,
      source: row.source,
      environment: row.environment,
      nodes: row.nodes
        ? { online: row.nodes.filter((node) => node.online).length, total: row.nodes.length }
        : null,
      destinations: sampled ? Number(countOf.get(row.id)?.destinations ?? 0) : null,
      partitions: sampled ? Number(countOf.get(row.id)?.partitions ?? 0) : null,
      groups: sampled ? mine.reduce((sum, one) => sum + Number(one.n), 0) : null,
      groupsByStatus: Object.fromEntries(mine.map((one) => [one.status, Number(one.n)])),
      produceRate: row.produceRate,
      produceRatePartial: row.produceRatePartial,
      consumeRate: row.consumeRate,
      consumeRatePartial: row.consumeRatePartial,
      findings: row.findings,
      freshness: freshnessOf(row),
    }
  })
}
