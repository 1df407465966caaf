import { setTimeout as sleep } from "node:timers/promises"
import { visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import { DomainError, isDomainError } from "#server/errors.ts"
import type { TrpcContext } from "./init.ts"

/** A session that was revoked, or a role that was taken, has its live stream for no longer than this. */
const CHECK_EVERY_MS = 20_000

/**
 * Sweeps as the browser hears of them: by the cluster's slug, and only of clusters that the actor may see. Rejects with
 * `not_signed_in` soon after the session has ended.
 */
export async function* sweepsOf(
  ctx: TrpcContext,
  signal: AbortSignal | undefined,
  checkEveryMs = CHECK_EVERY_MS,
): AsyncGenerator<{ cluster: string; at: number | null }> {
  const slugs = new Map<number, string>()
  const ends = new AbortController()
  let { actor } = ctx
  const watching = watchActor(ctx, { every: checkEveryMs, signal: ends.signal }, (now) => {
    actor = now
    if (now.kind === "nobody") ends.abort()
  })
  const until = signal ? AbortSignal.any([signal, ends.signal]) : ends.signal
  try {
    for await (const { cluster, at } of ctx.web.live.sweeps(until)) {
      const slug = slugs.get(cluster) ?? (await readSlug(ctx, cluster))
      const visible = visibleClusters(actor)
      if (slug === null || (visible !== "all" && !visible.includes(slug))) continue
      slugs.set(cluster, slug)
      yield { cluster: slug, at }
    }
  } finally {
    ends.abort()
    await watching
  }
  if (actor.kind === "nobody")
    throw new DomainError("not_signed_in", "Your session has ended. Sign in again.")
}

interface Watch {
  /** ms. */
  every: number
  signal: AbortSignal
}

/** Tells every now and then who it is that asked, until the signal aborts: nobody, once the session has ended. */
async function watchActor(ctx: TrpcContext, watch: Watch, tell: (actor: Actor) => void): Promise<void> {
  for (;;) {
    await sleep(watch.every, undefined, { signal: watch.signal }).catch(() => undefined)
    if (watch.signal.aborted) return
    await ctx.actorNow().then(tell, (error: unknown) => {
      // A token that was revoked is refused; a database that is away says nothing of either.
      if (isDomainError(error) && error.code === "not_signed_in") tell({ kind: "nobody" })
    })
  }
}

async function readSlug(ctx: TrpcContext, id: number): Promise<string | null> {
  const row = await ctx.store.prisma.cluster.findUnique({ where: { id }, select: { slug: true } })
  return row?.slug ?? null
}
