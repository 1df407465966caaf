import type { GroupStatus } from "#server/group-status.ts"

/** The words of the lag area: what the mathematics takes and gives. Times are ms since the epoch. */

/** How the time lag was found. */
export type TimeLagSource = "history" | "record" | "none"

/** Everything that is said of one partition of one group at one moment. Null: not known, never zero. */
export interface PartitionLag {
  partition: number
  start: number | null
  end: number | null
  committed: number | null
  /** Messages that wait and still exist: max(0, end − max(committed, start)); null without a commit. */
  lag: number | null
  /** Messages deleted before they were read: max(0, start − committed). */
  lost: number | null
  /** ms: age of the oldest unread message; 0 when all is read. */
  timeLag: number | null
  timeLagSource: TimeLagSource
  /** Messages a second, robust slopes over the window. */
  produceRate: number | null
  consumeRate: number | null
  /** ms until lag is 0 at these rates; Infinity: never; null: unknown. */
  caughtUpIn: number | null
  /** ms until retention deletes the oldest unread message; Infinity: not at these rates; null: unknown or n/a. */
  lostIn: number | null
  /** When the committed offset last changed; null: not in the window. */
  lastCommitAt: number | null
}

/** The verdict on a group, with the rule that fired and the facts its sentence is made of. */
export interface Verdict {
  status: GroupStatus
  /** Number and name of the rule, as docs/concepts.md lists them: "4 stopped". */
  rule: string
  /** When this status began, ms since the epoch. */
  since: number
  /** "billing has been stopped for 12 minutes; 4,310 messages wait; the oldest is deleted in 3 h". */
  sentence: string
}

/** What a destination's configuration says of deletion. Null: unlimited or unknown. */
export interface Retention {
  ms: number | null
  bytes: number | null
  /** False: compaction only, nothing is deleted by age or size. */
  deletes: boolean
}
