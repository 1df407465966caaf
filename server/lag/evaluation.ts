import type { GroupStatus } from "#server/group-status.ts"
import type { EmptyChanges } from "./emptiness.ts"
import type { Judged, PartitionLag, Retention, Verdict } from "./model.ts"

/** One sweep, as the evaluator takes it. Arrays are indexed by partition; -1: no commit; null: unknown. */
export interface Observation {
  at: number
  destinations: ObservedLog[]
  groups: ObservedGroup[]
}

export interface ObservedLog {
  id: number
  name: string
  starts: readonly (number | null)[]
  ends: readonly (number | null)[]
  retention: Retention
  /** Why the offsets of a partition are not known, where that was said. */
  why?: ReadonlyMap<number, string>
  /** Offsets that are known to hold no message: transaction markers, what compaction removed. */
  empty?: readonly EmptyRange[]
  /** Last stable offsets, where an open transaction is known to hold them below the end. */
  stable?: ReadonlyMap<number, number>
}

/** Offsets of one partition from `from` up to `to`, exclusive. */
export interface EmptyRange {
  partition: number
  from: number
  to: number
}

export interface ObservedGroup {
  id: number
  name: string
  members: number | null
  /** False: its commits could not be read this time; what `commits` holds is then unknown. */
  known: boolean
  /** Why its commits are not known, where that was said. */
  why?: string
  /** What Signalbox wrote itself within the window. */
  writes?: readonly OwnWrite[]
  commits: { destinationId: number; offsets: readonly (number | null)[] }[]
}

/** A position that Signalbox wrote (a reset, or its undo): nobody consumed anything for it. */
export interface OwnWrite {
  destinationId: number
  partition: number
  /** Where the group stood before; null: it had no commit. */
  from: number | null
  /** What was written; null: the commit was deleted. */
  offset: number | null
  /** About when, ms. */
  at: number
}

/** Sums over what is known. With something unknown, lag, time lag and lost are lower bounds, and null instead of 0. */
export interface Totals {
  lag: number | null
  timeLag: number | null
  lost: number | null
  /** Partitions with a commit, or whose commit is not known. */
  partitionCount: number
  /** Of these, those whose lag is not known. */
  unknownPartitions: number
  /** Of these, those whose time lag is not known. */
  unknownTimeLags: number
  produceRate: number | null
  consumeRate: number | null
  /** The rates are lower bounds. */
  ratesPartial: boolean
  caughtUpIn: number | null
  lostIn: number | null
}

export interface DestinationEvaluation
  extends Pick<
    Totals,
    "lag" | "timeLag" | "lost" | "partitionCount" | "unknownPartitions" | "unknownTimeLags"
  > {
  destinationId: number
  status: GroupStatus
  partitions: PartitionLag[]
}

export interface GroupEvaluation {
  id: number
  verdict: Verdict
  /** The last status that was not "unknown", which may be this one; null: there is none yet. */
  judged: Judged | null
  emptyChanges: EmptyChanges
  totals: Totals
  /** Messages: null as soon as what waits on one of the partitions is unknown. */
  noCommit: { partitions: number; messages: number | null }
  byDestination: DestinationEvaluation[]
}

/** A position whose moment must be asked for: stored history, or the record itself. */
export interface Needed {
  destinationId: number
  partition: number
  offset: number
}
