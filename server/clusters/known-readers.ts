import type { Context } from "#server/context.ts"
import { readCluster } from "./rows.ts"

/** Groups that read a destination, as the last sweep stored them. */
export interface KnownReaders {
  /** The first of them, those with the largest lag first. */
  groups: string[]
  /** How many there are. */
  total: number
  /** ms since the epoch; null: no sweep has seen the destination yet, so that nothing is known. */
  sampledAt: number | null
}

/** Who reads a destination (in its present life, `uid`), without asking the broker for every group that it has. */
export async function knownReaders(
  ctx: Context,
  of: { cluster: string; destination: string; uid: string | null; most: number },
): Promise<KnownReaders> {
  const cluster = await readCluster(ctx, of.cluster)
  const found = await ctx.store.prisma.destination.findFirst({
    where: { clusterId: cluster.id, name: of.destination, uid: of.uid ?? "", deletedAt: null },
    select: { id: true },
  })
  if (!found) return { groups: [], total: 0, sampledAt: null }
  const where = { destinationId: found.id, group: { deletedAt: null } }
  const [rows, total] = await Promise.all([
    ctx.store.prisma.groupDestination.findMany({
      where,
      select: { group: { select: { name: true } } },
      orderBy: [{ lag: { sort: "desc", nulls: "last" } }, { group: { name: "asc" } }],
      take: of.most,
    }),
    ctx.store.prisma.groupDestination.count({ where }),
  ])
  return { groups: rows.map((row) => row.group.name), total, sampledAt: cluster.sampledAt }
}
