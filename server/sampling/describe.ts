import type { Broker, Described, Destination, Retention } from "#server/brokers/broker.ts"
import { type Store, toJson, transaction } from "#server/store/index.ts"
import type { Held } from "./held-back.ts"
import type { Inventory } from "./inventory.ts"
import { openTransactions } from "./open-transactions.ts"

/** What the descriptions tell that sweeps need: retention and the number of members. */
export interface Knowledge {
  retention: Map<string, Retention>
  members: Map<string, number>
}

interface About {
  clusterId: number
  inventory: Inventory
  /** Where open transactions hold messages back, by destination. */
  held: ReadonlyMap<string, readonly Held[]>
}

/** Describes the cluster, stores what pages show of it, and returns what the sweeps need. */
export async function describeCluster(
  store: Store,
  broker: Broker,
  about: About & { signal: AbortSignal },
): Promise<Knowledge> {
  const described = await broker.describe(
    { nodes: true, destinations: "all", configs: "all", groups: "all" },
    about.signal,
  )
  await storeDescribed(store, described, about)
  const retention = retentions(described)
  const members = new Map(
    described.groups.flatMap((one) => (one.members ? [[one.name, one.members.length] as const] : [])),
  )
  return { retention, members }
}

async function storeDescribed(store: Store, described: Described, about: About): Promise<void> {
  const retention = retentions(described)
  const destinations = described.destinations.flatMap((one) => {
    const known = about.inventory.destinations.get(one.name)
    if (!known) return []
    const { copies, degraded, refusing, offline } = one.redundancy
    const kept = retention.get(one.name)
    return [
      {
        ...{ id: known.id, replication: copies, bytes: bytesOf(one) },
        ...{ under_replicated: degraded, under_min_isr: refusing, offline },
        retention_ms: kept?.ms ?? null,
        retention_bytes: kept?.bytes ?? null,
        cleanup: kept ? cleanupOf(kept) : null,
        described: kept !== undefined,
      },
    ]
  })
  const groups = described.groups.flatMap((one) => {
    const known = about.inventory.groups.get(one.name)
    return known && one.members ? [{ id: known.id, members: one.members.length }] : []
  })
  await transaction(store, async (client) => {
    await client.query(
      `update destination d set replication_factor = x.replication, under_replicated = x.under_replicated,
         under_min_isr = x.under_min_isr, offline = x.offline, bytes = x.bytes,
         retention_ms = case when x.described then x.retention_ms else d.retention_ms end,
         retention_bytes = case when x.described then x.retention_bytes else d.retention_bytes end,
         cleanup_policy = coalesce(x.cleanup, d.cleanup_policy)
       from jsonb_to_recordset($1) as x(id int, replication int, under_replicated int, under_min_isr int, offline int,
         bytes bigint, retention_ms bigint, retention_bytes bigint, cleanup text, described boolean) where d.id = x.id`,
      [toJson(destinations)],
    )
    await client.query(
      `update consumer_group g set members = x.members from jsonb_to_recordset($1) as x(id int, members int)
       where g.id = x.id and g.members is distinct from x.members`,
      [toJson(groups)],
    )
    await client.query(
      `insert into cluster_state (cluster_id, described_at, problems, broker_uid, version, nodes, findings)
       values ($1, $2, jsonb_build_object('description', $3::jsonb), $4, $5, $6, $7)
       on conflict (cluster_id) do update set described_at = excluded.described_at,
         problems = case jsonb_typeof(cluster_state.problems) when 'object' then cluster_state.problems else '{}' end || excluded.problems,
         broker_uid = excluded.broker_uid, version = excluded.version, nodes = excluded.nodes,
         findings = excluded.findings`,
      [
        about.clusterId,
        new Date(described.at).toISOString(),
        toJson(described.problems.slice(0, 200)),
        described.clusterId,
        described.version,
        toJson({ nodes: described.nodes, leaders: leadersOf(described) }),
        toJson([...described.findings, ...openTransactions(about.held)]),
      ],
    )
  })
}

function retentions(described: Described): Map<string, Retention> {
  return new Map(described.configs.map((one) => [one.destination, one.retention]))
}

/** What happens to old messages, as the column keeps it: "compact,delete", "" for nothing. */
function cleanupOf({ deletes, compacts }: Retention): string {
  return [compacts ? "compact" : [], deletes ? "delete" : []].flat().join(",")
}

/** Bytes of one copy of every partition; null as soon as one of them is unknown, since a part would pass for all. */
function bytesOf(destination: Destination): bigint | null {
  let total = 0n
  for (const { bytes } of destination.partitions) {
    if (bytes === null) return null
    total += bytes
  }
  return total
}

function leadersOf(described: Described): { node: number; leaders: number; replicas: number }[] {
  const counts = new Map(described.nodes.map((node) => [node.id, { node: node.id, leaders: 0, replicas: 0 }]))
  for (const partition of described.destinations.flatMap((one) => one.partitions)) {
    const leader = counts.get(partition.leader ?? -1)
    if (leader) leader.leaders += 1
    for (const replica of partition.replicas) {
      const holder = counts.get(replica)
      if (holder) holder.replicas += 1
    }
  }
  return [...counts.values()]
}
