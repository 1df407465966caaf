import type { TrpcContext } from "./init.ts"

/** Sweeps as the browser hears of them: by the cluster's slug. */
export async function* sweepsOf(
  ctx: TrpcContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ cluster: string; at: number | null }> {
  const slugs = new Map<number, string>()
  const until = signal ?? new AbortController().signal
  for await (const { cluster, at } of ctx.web.live.sweeps(until)) {
    const slug = slugs.get(cluster) ?? (await readSlug(ctx, cluster))
    if (slug === null) continue
    slugs.set(cluster, slug)
    yield { cluster: slug, at }
  }
}

async function readSlug(ctx: TrpcContext, id: number): Promise<string | null> {
  const row = await ctx.store.prisma.cluster.findUnique({ where: { id }, select: { slug: true } })
  return row?.slug ?? null
}
