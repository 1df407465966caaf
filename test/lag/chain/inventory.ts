import type { Frame, Truth } from "./frames.ts"

/** Named here anew, so that a change of the product does not change what is expected of it. */
const GROUP_GONE_AFTER_MS = 30_000

/** Since when what has a name now is the thing it is now: index into the stored frames; null: there is none now. */
export interface Life {
  /** Moment of the first sweep of this life. */
  since: number
}

/**
 * A topic lives from the first sweep that finds its uid until one that does not find it; a sweep that could not read it
 * says nothing.
 */
export function topicLife(truth: Truth, name: string): (Life & { uid: string }) | null {
  let since: number | null = null
  let uid = ""
  for (const { frame } of truth.sweeps) {
    const found = frame.topics.get(name)
    if (found && (since === null || found.uid !== uid)) since = frame.at
    if (found) uid = found.uid
    else if (!frame.unreadable.has(name)) since = null
  }
  return since === null ? null : { since, uid }
}

/** A group is gone when two sweeps of one collector or more, over half a minute or longer, do not find it. */
export function groupLife(truth: Truth, name: string): Life | null {
  let life: Life | null = null
  let missing: number | null = null
  for (const { frame, begins } of truth.sweeps) {
    if (begins) missing = null
    if (frame.groups.has(name)) {
      life ??= { since: frame.at }
      missing = null
      continue
    }
    missing = Math.min(missing ?? frame.at, frame.at)
    if (frame.at - missing >= GROUP_GONE_AFTER_MS) life = null
  }
  return life
}

/** Names that any sweep ever found. */
export function everSeen(truth: Truth, of: (frame: Frame) => Iterable<string>): string[] {
  return [...new Set(truth.sweeps.flatMap(({ frame }) => [...of(frame)]))].sort()
}
