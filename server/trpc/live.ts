import { visibleClusters } from "#server/access/index.ts"
import { type FiredAlert, firedBetween } from "#server/alerts/index.ts"
import type { TrpcContext } from "./model.ts"
import { asNow } from "./rights-watch.ts"

/** A sweep of a cluster (its slug), or news of alerts: those that fired, if any did. */
export type LiveNews =
  | { kind: "sweep"; cluster: string; at: number | null }
  | { kind: "alerts"; fired: FiredAlert[] }

/** Aborts when a subscription is to end; for other calls never. */
export function untilEnd(ctx: Pick<TrpcContext, "watch">): AbortSignal {
  return ctx.watch?.until ?? new AbortController().signal
}

/** What the browser hears of: only of clusters that the actor may see now. */
export async function* newsOf(ctx: TrpcContext): AsyncGenerator<LiveNews> {
  const slugs = new Map<number, string>()
  for await (const said of ctx.web.live.announcements(untilEnd(ctx))) {
    if (said.kind === "alerts") {
      yield { kind: "alerts", fired: await firedBetween(asNow(ctx), said) }
      continue
    }
    const { cluster, at } = said
    const slug = slugs.get(cluster) ?? (await readSlug(ctx, cluster))
    const visible = visibleClusters(ctx.watch?.actor() ?? ctx.actor)
    if (slug === null || (visible !== "all" && !visible.includes(slug))) continue
    slugs.set(cluster, slug)
    yield { kind: "sweep", cluster: slug, at }
  }
}

async function readSlug(ctx: TrpcContext, id: number): Promise<string | null> {
  const row = await ctx.store.prisma.cluster.findUnique({ where: { id }, select: { slug: true } })
  return row?.slug ?? null
}
