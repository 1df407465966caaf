import type { Vault } from "#server/access/index.ts"
import type { Target } from "#server/brokers/connections.ts"
import type { Store } from "#server/store/index.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import type { FileCluster } from "./config-file.ts"

/** A cluster as the collector and the pages open it. */
export interface ClusterTarget extends Target {
  slug: string
  name: string
  intervalMs: number
  environment: string | null
}

const purpose = (slug: string) => `cluster ${slug}`

/** Seals a connection for the database. */
export function sealConnection(vault: Vault, slug: string, connection: unknown): string {
  return vault.seal(JSON.stringify(connection), purpose(slug))
}

export function openConnection(vault: Vault, slug: string, sealed: string): unknown {
  return JSON.parse(vault.open(sealed, purpose(slug)))
}

/** Seals all connections with another key. Rejects with `conflict` when one cannot be opened with the old. */
export async function resealConnections(
  tx: Prisma.TransactionClient,
  keys: { from: Vault; to: Vault },
): Promise<number> {
  const rows = await tx.cluster.findMany({ select: { id: true, slug: true, connection: true } })
  for (const { id, slug, connection } of rows) {
    const opened = keys.from.open(connection, purpose(slug))
    await tx.cluster.update({ where: { id }, data: { connection: keys.to.seal(opened, purpose(slug)) } })
  }
  return rows.length
}

/** All clusters with their opened connections. One whose secret cannot be opened is left out and named. */
export async function readTargets(
  store: Store,
  vault: Vault,
): Promise<{ targets: ClusterTarget[]; unreadable: { slug: string; error: unknown }[] }> {
  const rows = await store.prisma.cluster.findMany({
    select: {
      id: true,
      slug: true,
      name: true,
      system: true,
      connection: true,
      intervalMs: true,
      environment: true,
      updatedAt: true,
    },
    orderBy: { id: "asc" },
  })
  const targets: ClusterTarget[] = []
  const unreadable: { slug: string; error: unknown }[] = []
  for (const row of rows) {
    try {
      const connection = openConnection(vault, row.slug, row.connection)
      const revision = `${row.updatedAt.getTime()}`
      targets.push({
        clusterId: row.id,
        slug: row.slug,
        name: row.name,
        system: row.system,
        connection,
        revision,
        intervalMs: row.intervalMs,
        environment: row.environment,
      })
    } catch (error) {
      unreadable.push({ slug: row.slug, error })
    }
  }
  return { targets, unreadable }
}

/** Brings the clusters of signalbox.yaml into the database: added, changed, and removed with the file. */
export async function syncFileClusters(store: Store, vault: Vault, clusters: FileCluster[]): Promise<void> {
  for (const cluster of clusters) {
    const existing = await store.prisma.cluster.findUnique({ where: { slug: cluster.slug } })
    const fields = {
      name: cluster.name,
      system: cluster.system,
      environment: cluster.environment ?? null,
      intervalMs: cluster.intervalMs,
      source: "file",
    }
    if (!existing) {
      const connection = sealConnection(vault, cluster.slug, cluster.connection)
      await store.prisma.cluster.create({ data: { slug: cluster.slug, connection, ...fields } })
    } else if (isChanged(vault, existing, cluster)) {
      const connection = sealConnection(vault, cluster.slug, cluster.connection)
      await store.prisma.cluster.update({ where: { id: existing.id }, data: { connection, ...fields } })
    }
  }
  const kept = clusters.map((cluster) => cluster.slug)
  await store.prisma.cluster.deleteMany({ where: { source: "file", slug: { notIn: kept } } })
}

interface Stored {
  slug: string
  name: string
  system: string
  intervalMs: number
  environment: string | null
  source: string
  connection: string
}

function isChanged(vault: Vault, stored: Stored, cluster: FileCluster): boolean {
  if (stored.name !== cluster.name || stored.system !== cluster.system || stored.source !== "file")
    return true
  if (stored.intervalMs !== cluster.intervalMs || stored.environment !== (cluster.environment ?? null))
    return true
  try {
    return (
      JSON.stringify(openConnection(vault, stored.slug, stored.connection)) !==
      JSON.stringify(cluster.connection)
    )
  } catch {
    return true
  }
}
