import { identityOf } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import { DomainError, isDomainError } from "#server/errors.ts"
import type { RightsWatch, TrpcContext } from "./model.ts"

/** Rights are asked for again when a change was announced, and at least this often (ms): an announcement may be lost. */
const CHECK_EVERY_MS = 10_000
/** Streams of one person or token in this process. A tab has one, and each live tail and progress bar another. */
const MAX_STREAMS = 30

const open = new Map<string, number>()

/** The context of a stream, whose actor is who asks now: rights may change while it lasts. */
export function asNow<Ctx extends Pick<TrpcContext, "actor" | "watch">>(ctx: Ctx): Ctx {
  const { watch } = ctx
  if (!watch) return ctx
  return Object.defineProperty({ ...ctx }, "actor", { get: watch.actor, enumerable: true })
}

interface Watched {
  ctx: TrpcContext
  signal: AbortSignal | undefined
  /** Throws a DomainError when this actor may not have the stream. */
  admit: (actor: Actor) => void
  checkEveryMs?: number
}

/**
 * Watches over a stream for as long as it lasts: whoever was disabled, signed out or demoted since it began loses it
 * within seconds. Throws `too_many_requests` when one person has too many streams open.
 */
export function watchRights({ ctx, signal, admit, checkEveryMs = CHECK_EVERY_MS }: Watched): RightsWatch {
  const leave = enter(identityOf(ctx.actor))
  const ends = new AbortController()
  const until = signal ? AbortSignal.any([signal, ends.signal]) : ends.signal
  let { actor } = ctx
  let lost: unknown = null
  const check = async () => {
    try {
      const now = await ctx.actorNow()
      admit(now)
      actor = now
    } catch (error) {
      // A database that is away says nothing of anybody's rights.
      if (!isDomainError(error) || (error.code !== "not_signed_in" && error.code !== "forbidden")) return
      lost = error.code === "not_signed_in" ? sessionEnded() : error
      ends.abort()
    }
  }
  const timer = setInterval(() => void check(), checkEveryMs)
  ctx.web.live.onRights(() => void check(), until)
  const stop = () => {
    clearInterval(timer)
    leave()
  }
  if (until.aborted) stop()
  else until.addEventListener("abort", stop, { once: true })
  async function* guard<Item>(stream: AsyncIterable<Item>): AsyncGenerator<Item> {
    const items = stream[Symbol.asyncIterator]()
    const over = aborted(until)
    try {
      for (;;) {
        const next = await Promise.race([items.next(), over])
        if (next === null || next.done) break
        yield next.value
      }
      if (lost !== null) throw lost
    } finally {
      ends.abort()
      // A stream that waits for something from outside ends when that comes; nobody waits for it here.
      void items.return?.(undefined)?.catch(() => undefined)
    }
  }
  return { actor: () => actor, until, guard, end: () => ends.abort() }
}

function sessionEnded(): DomainError {
  return new DomainError("not_signed_in", "Your session has ended. Sign in again.")
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener("abort", () => resolve(null), { once: true })
  })
}

function enter(who: string): () => void {
  const count = open.get(who) ?? 0
  if (count >= MAX_STREAMS)
    throw new DomainError(
      "too_many_requests",
      `You have ${MAX_STREAMS} live streams open. Close a tab with live data, then try again.`,
    )
  open.set(who, count + 1)
  return () => {
    const left = (open.get(who) ?? 1) - 1
    if (left > 0) open.set(who, left)
    else open.delete(who)
  }
}
