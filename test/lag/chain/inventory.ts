import type { Frame, Truth } from "./frames.ts"

/** Named here anew, so that a change of the product does not change what is expected of it. */
const GROUP_GONE_AFTER_MS = 30_000

/** What has a name now, as the thing it is now. */
export interface Life {
  /** Moments of the stored sweeps of this life: no span, as the clock may be set back in it. */
  at: ReadonlySet<number>
}

/**
 * A topic lives from the first sweep that finds its uid until one that does not find it; a sweep that could not read it
 * says nothing.
 */
export function topicLife(truth: Truth, name: string): (Life & { uid: string }) | null {
  let life: { at: Set<number>; uid: string } | undefined
  for (const frame of truth.frames) {
    const found = frame.topics.get(name)
    if (found && found.uid !== life?.uid) life = { at: new Set(), uid: found.uid }
    if (!found && !frame.unreadable.has(name)) life = undefined
    life?.at.add(frame.at)
  }
  return life ?? null
}

/** A group is gone when two sweeps of one collector or more, over half a minute or longer, do not find it. */
export function groupLife(truth: Truth, name: string): Life | null {
  let life: { at: Set<number> } | null = null
  let missing: number | null = null
  for (const frame of truth.frames) {
    if (frame.begins) missing = null
    if (frame.groups.has(name)) {
      life ??= { at: new Set() }
      missing = null
    } else {
      missing = Math.min(missing ?? frame.at, frame.at)
      if (frame.at - missing >= GROUP_GONE_AFTER_MS) life = null
    }
    life?.at.add(frame.at)
  }
  return life
}

/** Names that any sweep ever found. */
export function everSeen(truth: Truth, of: (frame: Frame) => Iterable<string>): string[] {
  return [...new Set(truth.frames.flatMap((frame) => [...of(frame)]))].sort()
}
