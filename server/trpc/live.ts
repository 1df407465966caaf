import { visibleClusters } from "../access/index.ts"
import type { TrpcContext } from "./init.ts"

/** Sweeps as the browser hears of them: by the cluster's slug, and only of clusters that the actor may see. */
export async function* sweepsOf(
  ctx: TrpcContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ cluster: string; at: number | null }> {
  const slugs = new Map<number, string>()
  const visible = visibleClusters(ctx.actor)
  const until = signal ?? new AbortController().signal
  for await (const { cluster, at } of ctx.web.live.sweeps(until)) {
    const slug = slugs.get(cluster) ?? (await readSlug(ctx, cluster))
    if (slug === null || (visible !== "all" && !visible.includes(slug))) continue
    slugs.set(cluster, slug)
    yield { cluster: slug, at }
  }
}

async function readSlug(ctx: TrpcContext, id: number): Promise<string | null> {
  const row = await ctx.store.prisma.cluster.findUnique({ where: { id }, select: { slug: true } })
  return row?.slug ?? null
}
