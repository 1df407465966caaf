import type { Context } from "#server/context.ts"
import { HIDDEN, type Mask, maskForAll } from "#server/messages/index.ts"
import { isFrame, isName } from "./frame.ts"

export interface Hiding {
  mask: Mask
  /** Whether parts of keys or values are hidden. */
  holds: boolean
  /** A class or a frame: shown as it is unless it looks like a value. */
  named: (text: string | null) => string | null
  /** What an exception says: it may quote what is hidden in the message. */
  said: (text: string | null) => string | null
}

/** An exception as a stack trace names it: its class, and then what it says. */
const NAMED = /^(?:Caused by: |Suppressed: )?[\w$.]*(?:Exception|Error|Throwable)(?::(?= ))/

/**
 * What is hidden from the actor of messages that lie in these destinations: what one of them hides, no other shows, since
 * their bodies are the same. Where keys or values are masked, of an exception its class and its frames are shown: whatever
 * it says may quote them.
 */
export async function hidingIn(
  ctx: Context,
  cluster: string,
  destinations: readonly string[],
): Promise<Hiding> {
  const mask = await maskForAll(ctx, cluster, destinations)
  const holds = mask.holds("value") || mask.holds("key")
  const bare = (text: string) =>
    text
      .split("\n")
      .map((line) => (isFrame(line) || line.trim() === "" ? line : `${NAMED.exec(line)?.[0] ?? ""}${HIDDEN}`))
      .join("\n")
  return {
    mask,
    holds,
    named: (text) => (text === null || !holds || isName(text) ? text : HIDDEN),
    said: (text) => (text === null ? null : mask.header("exception", holds ? bare(text) : text)),
  }
}
