import type { Sampled } from "#server/brokers/broker.ts"

/** A committed offset; "none": never committed or expired; "unknown": it could not be read this time. */
export type Committed = number | "none" | "unknown"

/** A stored sweep as the model keeps it: everything, for ever. */
export interface Frame {
  at: number
  /** Whether another collector made the frame before. */
  begins: boolean
  topics: Map<string, FrameTopic>
  /**
   * Topics of which the sweep could tell nothing, though they exist, and the uid that they had when they could be read: the
   * commits on them are taken as commits on that life. null: they never could.
   */
  unreadable: Map<string, string | null>
  groups: Map<string, FrameGroup>
  /** By how much Signalbox itself moved offsets since the frame before, by group, topic and partition. */
  writes: Map<string, number>
  /** From where on logs were cut off since the frame before, by topic and partition. */
  cuts: Map<string, number>
}

export function logKey(at: { topic: string; partition: number }): string {
  return `${at.topic}/${at.partition}`
}

export function writeKey(group: string, at: { topic: string; partition: number }): string {
  return `${group} ${logKey(at)}`
}

export interface FrameTopic {
  uid: string
  internal: boolean
  starts: (number | null)[]
  ends: (number | null)[]
}

export interface FrameGroup {
  known: boolean
  /** By topic; indexed by partition. */
  commits: Map<string, Committed[]>
}

/** What the model knows of one cluster: its stored sweeps in the order in which they were stored. */
export interface Truth {
  intervalMs: number
  /** By how much the clock was set back: ages from before may differ by as much, as both clocks are right. */
  setBackMs: number
  frames: Frame[]
  /** Whether the last sweep that was made is stored: else the cluster is elsewhere by now. */
  isCurrent: boolean
  /** What each stored sweep said of the groups, by the group's id. */
  verdicts: { at: number; groups: Map<number, Shown> }[]
}

/** A status, and since when, as it was shown. */
export interface Shown {
  name: string
  status: string
  since: number
}

/** Named here anew, as in inventory.ts. */
const OVER_BEFORE_MS = 300_000

/**
 * Whether a moment is over: a sweep of it, or of one soon after it, is stored, by another collector or before the clock was
 * set back. Then nothing is stored until the clock has come up to that one again.
 */
export function isOver({ frames }: Truth, at: number): boolean {
  return frames.some((one) => one.at >= at && one.at - at <= OVER_BEFORE_MS)
}

export function frameOf(sampled: Sampled, of: { at: number; before: Frame | undefined }): Frame {
  const { at, before } = of
  const lastUid = (name: string) => before?.topics.get(name)?.uid ?? before?.unreadable.get(name) ?? null
  const number = (value: bigint | null) => (value === null ? null : Number(value))
  const unreadable = sampled.problems.flatMap(({ part }) =>
    part.kind === "destination" && part.partition === undefined ? [part.destination] : [],
  )
  return {
    at,
    begins: false,
    writes: new Map(),
    cuts: new Map(),
    topics: new Map(
      sampled.destinations.map((one) => [
        one.name,
        {
          uid: one.uid ?? "",
          internal: one.internal,
          starts: one.starts.map(number),
          ends: one.ends.map(number),
        },
      ]),
    ),
    unreadable: new Map(unreadable.map((name) => [name, lastUid(name)])),
    groups: new Map(
      sampled.groups.map((group) => [
        group.name,
        {
          known: group.known,
          commits: new Map(
            group.commits.map((one) => [
              one.destination,
              one.offsets.map((offset, partition): Committed => {
                if (one.unknown.includes(partition)) return "unknown"
                return offset === null ? "none" : Number(offset)
              }),
            ]),
          ),
        },
      ]),
    ),
  }
}
