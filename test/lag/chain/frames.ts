import type { Sampled } from "#server/brokers/broker.ts"

/** A committed offset; "none": never committed or expired; "unknown": it could not be read this time. */
export type Committed = number | "none" | "unknown"

/** A stored sweep as the model keeps it: everything, for ever. */
export interface Frame {
  at: number
  topics: Map<string, FrameTopic>
  /** Topics of which the sweep could tell nothing, though they exist. */
  unreadable: Set<string>
  groups: Map<string, FrameGroup>
  /** By how much Signalbox itself moved offsets since the frame before, by group, topic and partition. */
  writes: Map<string, number>
}

export function writeKey(group: string, at: { topic: string; partition: number }): string {
  return `${group} ${at.topic}/${at.partition}`
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
  /**
   * Moments that passed twice, as the clock was set back, and for which the first sweep is stored: what existed then is
   * ambiguous, and nothing is expected of charts.
   */
  twice: Set<number>
  /** Every sweep that was made, also those that were stored already (a clock set back, a takeover). */
  sweeps: { frame: Frame; begins: boolean }[]
}

export function frameOf(sampled: Sampled, at: number): Frame {
  const number = (value: bigint | null) => (value === null ? null : Number(value))
  const unreadable = sampled.problems.flatMap(({ part }) =>
    part.kind === "destination" && part.partition === undefined ? [part.destination] : [],
  )
  return {
    at,
    writes: new Map(),
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
    unreadable: new Set(unreadable),
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
