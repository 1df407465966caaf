/** What the pages are told of consumer groups and their lag. Times are ms since the epoch; null is unknown, never zero. */
import type { GroupMember, Problem } from "#server/brokers/broker.ts"
import type { Freshness, Series } from "#server/clusters/index.ts"
import type { GroupStatus } from "#server/group-status.ts"
import type { PartitionLag, Verdict } from "./model.ts"

/** A time to come: ms, never at these rates, or unknown. */
export type Forecast = number | "never" | null

export interface GroupRow {
  cluster: string
  clusterName: string
  system: string
  name: string
  type: string
  state: string
  verdict: Verdict
  lag: number | null
  timeLag: number | null
  lost: number | null
  produceRate: number | null
  consumeRate: number | null
  caughtUpIn: Forecast
  lostIn: Forecast
  members: number | null
  destinations: string[]
  /** Partitions without a commit, and the messages that wait on them (not part of lag). */
  noCommit: { partitions: number; messages: number } | null
  /** Total lag of the last hour, one value a minute, oldest first; null: a gap. */
  spark: (number | null)[]
  sampledAt: number | null
  intervalMs: number
}

export interface GroupDetail extends GroupRow {
  assignor: string | null
  coordinator: number | null
  byDestination: {
    destination: string
    lag: number | null
    timeLag: number | null
    lost: number | null
    status: GroupStatus
  }[]
  problems: Problem[]
  freshness: Freshness
}

export interface PartitionRow extends Omit<PartitionLag, "caughtUpIn" | "lostIn"> {
  destination: string
  caughtUpIn: Forecast
  lostIn: Forecast
  member: { clientId: string; host: string } | null
}

export interface MemberRow extends GroupMember {
  lag: number | null
}

/** series keys: lag, timeLag (ms), produced, consumed (messages a second), lost (messages, cumulative). */
export type LagHistory = Series & { forecast: { caughtUpAt: number | null; lostAt: number | null } }

/** Lag per partition over time; lag[i][j] is partition i at moment j. */
export interface LagHeat {
  destination: string
  stepMs: number
  at: number[]
  partitions: number[]
  lag: (number | null)[][]
}
