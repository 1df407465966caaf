import type { GroupStatus } from "#server/group-status.ts"
import type { PartitionLag, Retention, Verdict } from "./model.ts"

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
}

export interface ObservedGroup {
  id: number
  name: string
  members: number | null
  known: boolean
  commits: { destinationId: number; offsets: readonly (number | null)[] }[]
}

export interface Totals {
  lag: number | null
  timeLag: number | null
  lost: number | null
  produceRate: number | null
  consumeRate: number | null
  caughtUpIn: number | null
  lostIn: number | null
}

export interface DestinationEvaluation {
  destinationId: number
  status: GroupStatus
  lag: number | null
  timeLag: number | null
  lost: number | null
  partitions: PartitionLag[]
}

export interface GroupEvaluation {
  id: number
  verdict: Verdict
  totals: Totals
  noCommit: { partitions: number; messages: number }
  byDestination: DestinationEvaluation[]
}

/** A position whose moment must be asked for: stored history, or the record itself. */
export interface Needed {
  destinationId: number
  partition: number
  offset: number
}
