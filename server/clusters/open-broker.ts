import type { Broker } from "#server/brokers/broker.ts"
import type { Connections, Target } from "#server/brokers/connections.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound } from "#server/errors.ts"
import type { Store } from "#server/store/index.ts"
import { openConnection } from "./targets.ts"

/** The broker client of a cluster, for what a page asks of it now. Rejects with `not_found`. */
export async function openBroker(ctx: Context, slug: string): Promise<Broker> {
  return ctx.connections.get(await openTarget(ctx, slug))
}

/** What is needed to open a cluster, its secrets among it: for a process of its own that works on it. */
export async function openTarget(ctx: Context, slug: string): Promise<Target> {
  const row = await ctx.store.prisma.cluster.findUnique({
    where: { slug },
    select: { id: true, slug: true, system: true, connection: true, updatedAt: true },
  })
  if (!row) throw clusterNotFound(slug)
  const connection = openConnection(ctx.vault, row.slug, row.connection)
  return { clusterId: row.id, system: row.system, connection, revision: `${row.updatedAt.getTime()}` }
}

/** Closes the connections of this process to clusters that were removed. */
export async function releaseRemoved(store: Store, connections: Connections): Promise<void> {
  const { open } = connections
  if (open.length === 0) return
  const kept = await store.prisma.cluster.findMany({ where: { id: { in: open } }, select: { id: true } })
  const known = new Set(kept.map(({ id }) => id))
  await Promise.all(open.filter((id) => !known.has(id)).map((id) => connections.release(id)))
}
