import type { GroupStatus } from "#server/group-status.ts"

export type { Retention } from "#server/brokers/broker.ts"

/** The words of the lag area: what the mathematics takes and gives. Times are ms since the epoch. */

/** How the time lag was found. */
export type TimeLagSource = "history" | "record" | "none"

/** Everything that is said of one partition of one group at one moment. Null: not known, never zero. */
export interface PartitionLag {
  partition: number
  start: number | null
  end: number | null
  committed: number | null
  /** The group never committed here, or its commit expired: not the same as unknown. */
  noCommit: boolean
  /** By how much the committed offset lies beyond the end (truncated log, wrong reset); null: it does not. */
  beyond: number | null
  /** Offsets behind the last stable offset, which an open transaction holds back; null: none known. */
  held: number | null
  /** Unread messages that still exist: end − max(committed, start); null when one of them is unknown, or it is beyond. */
  lag: number | null
  /** Messages deleted before they were consumed: max(0, start − committed). */
  lost: number | null
  /** ms: age of the oldest unread message; 0 only when there is none. */
  timeLag: number | null
  timeLagSource: TimeLagSource
  /** Messages a second (server/rates.ts). */
  produceRate: number | null
  consumeRate: number | null
  /** ms until lag is 0 at these rates; Infinity: never; null: unknown. */
  caughtUpIn: number | null
  /** ms until retention deletes the oldest unread message; Infinity: not at these rates; null: unknown or n/a. */
  lostIn: number | null
  /** When a consumer last moved the committed offset; null: not in the window. */
  lastCommitAt: number | null
}

/** A status that a group was found in. */
export interface Judged {
  status: GroupStatus
  /** When this status began, ms since the epoch. */
  since: number
}

/** The verdict on a group, with the rule that fired and the facts its sentence is made of. */
export interface Verdict extends Judged {
  /** Number and name of the rule, as docs/concepts.md lists them: "5 stopped". */
  rule: string
  /** "billing has been stopped for 12 minutes; 4,310 unread messages; the oldest is deleted in 3 h". */
  sentence: string
}
