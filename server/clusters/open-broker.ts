import type { Broker } from "#server/brokers/broker.ts"
import type { Target } from "#server/brokers/connections.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
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
  if (!row) throw new DomainError("not_found", `There is no cluster "${slug}" (any more).`)
  const connection = openConnection(ctx.vault, row.slug, row.connection)
  return { clusterId: row.id, system: row.system, connection, revision: `${row.updatedAt.getTime()}` }
}
