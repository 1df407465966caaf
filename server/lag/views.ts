/** What the pages are told of consumer groups and their lag. Times are ms since the epoch; null is unknown, never zero. */
import type { GroupMember, Problem } from "#server/brokers/broker.ts"
import type { Freshness, Series, SeriesFacts } from "#server/clusters/index.ts"
import type { GroupStatus } from "#server/group-status.ts"
import type { Advice } from "./advice.ts"
import type { PartitionLag, Verdict } from "./model.ts"
import type { StatusBand } from "./status-bands.ts"

/** A time to come: ms, never at these rates, or unknown. */
export type Forecast = number | "never" | null

/**
 * How whole a total is. With unknown partitions, lag and lost are lower bounds ("≥ 10"), and null where nothing is known
 * but zeros; so is time lag with unknown time lags. Lists sort by the lower bound.
 */
export interface TotalParts {
  /** Partitions with a commit, or whose commit is unknown. */
  partitions: number
  /** Of these, those whose lag is unknown. */
  unknown: number
  /** Of these, those whose time lag is unknown. */
  unknownTimeLag: number
}

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
  /** What the totals are made of, and what of it is unknown. */
  parts: TotalParts
  produceRate: number | null
  consumeRate: number | null
  /** The rates are lower bounds: a part of them is unknown. */
  ratesPartial: boolean
  caughtUpIn: Forecast
  lostIn: Forecast
  members: number | null
  /** Partitions without a commit, and the messages that wait on them (not part of lag). */
  noCommit: { partitions: number; messages: number | null } | null
  /** Something it reads is compacted: offsets that are counted may hold no message any longer. */
  compacted: boolean
  /** Total lag of the last hour, one value a minute, oldest first; null: a gap. */
  spark: (number | null)[]
  sampledAt: number | null
  intervalMs: number
}

export interface GroupDetail extends GroupRow {
  advice: Advice | null
  /** What it reads; of more than 200, what it loses and lags on most, sorted by name. */
  byDestination: {
    destination: string
    lag: number | null
    timeLag: number | null
    lost: number | null
    parts: TotalParts
    status: GroupStatus
  }[]
  /** How many it reads, those that are not listed among them. */
  destinationCount: number
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
  /** Of the partitions it is assigned; null: not known of any, or it is not known which these are. */
  lag: number | null
  /** How many of these partitions have an unknown lag; the lag is a lower bound then. */
  unknownPartitions: number
}

/**
 * series keys: lag, lagAtLeast (where a part is unknown, the sum of the rest), timeLag (ms), produced, consumed (messages
 * a second), lost (messages, cumulative).
 */
export type LagHistory = Series & {
  /** The lag continued along its trend, from the last point on; empty: unknown. */
  ahead: { at: number; lag: number }[]
  forecast: { caughtUpAt: number | null; lostAt: number | null }
}

/** Lag per partition over time; lag[i][j] is the i-th of `partitions` at moment j. */
export interface LagHeat extends SeriesFacts {
  destination: string
  /** Partitions of the destination; `partitions` holds those that lagged most, in order. */
  total: number
  partitions: number[]
  lag: (number | null)[][]
}

/** Messages a second in and out of a cluster over the last hour, one value a minute, oldest first; null: a gap. */
export interface ClusterRates {
  cluster: string
  produced: (number | null)[]
  consumed: (number | null)[]
}

/** A group's statuses over time: as bands over the buckets of a chart, and each change within the range, newest first. */
export interface StatusHistory extends SeriesFacts {
  bands: StatusBand[]
  changes: { at: number; status: GroupStatus }[]
}
