import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import type { Web } from "#server/web.ts"

export interface TrpcContext extends Context {
  web: Web
  /** The parameters of the HTTP path are in the input as the URL has them: percent-encoded. */
  encodedParameters?: boolean
  /** Who asks, read again: for streams that outlive the request. */
  actorNow: () => Promise<Actor>
  /** In a subscription: who asks as of now, and when it must end. */
  watch?: Pick<RightsWatch, "actor" | "until">
}

/** What watches over a stream for as long as it lasts. */
export interface RightsWatch {
  /** Who asks, as of the last check. */
  actor: () => Actor
  /** Aborts when the right is lost, or the request ends. */
  until: AbortSignal
  /** The same stream, until the right is lost: then it rejects with the reason. */
  guard: <Item>(stream: AsyncIterable<Item>) => AsyncGenerator<Item>
  /** Ends the watch of a stream that was not begun. */
  end: () => void
}
