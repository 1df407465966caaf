import { visibleClusters } from "#server/access/index.ts"
import type { TrpcContext } from "./model.ts"

/** Sweeps as the browser hears of them: by the cluster's slug, and only of clusters that the actor may see now. */
export async function* sweepsOf(ctx: TrpcContext): AsyncGenerator<{ cluster: string; at: number | null }> {
  const slugs = new Map<number, string>()
  const until = ctx.watch?.until ?? new AbortController().signal
  for await (const { cluster, at } of ctx.web.live.sweeps(until)) {
    const slug = slugs.get(cluster) ?? (await readSlug(ctx, cluster))
    const visible = visibleClusters(ctx.watch?.actor() ?? ctx.actor)
    if (slug === null || (visible !== "all" && !visible.includes(slug))) continue
    slugs.set(cluster, slug)
    yield { cluster: slug, at }
  }
}

async function readSlug(ctx: TrpcContext, id: number): Promise<string | null> {
  const row = await ctx.store.prisma.cluster.findUnique({ where: { id }, select: { slug: true } })
  return row?.slug ?? null
}
