import type { Frame, Truth } from "./frames.ts"

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

/** A group is gone when two sweeps of one collector in a row do not find it. */
export function groupLife(truth: Truth, name: string): Life | null {
  let life: Life | null = null
  let missing = false
  for (const { frame, begins } of truth.sweeps) {
    if (begins) missing = false
    if (frame.groups.has(name)) {
      life ??= { since: frame.at }
      missing = false
    } else if (life && missing) life = null
    else missing = true
  }
  return life
}

/** Names that any sweep ever found. */
export function everSeen(truth: Truth, of: (frame: Frame) => Iterable<string>): string[] {
  return [...new Set(truth.sweeps.flatMap(({ frame }) => [...of(frame)]))].sort()
}
