/** What the pages are told of clusters and destinations. Times are ms since the epoch; null is unknown, never zero. */
import type { ConfigEntry, Finding, Partition, Problem } from "#server/brokers/broker.ts"
import type { Capability } from "#server/brokers/capabilities.ts"
import type { DestinationHealth } from "#server/brokers/system.ts"
import type { GroupStatus } from "#server/group-status.ts"
import type { StoredNode } from "./stored-state.ts"

export type { Finding }

export interface Page<Row> {
  rows: Row[]
  /** Rows that match, on all pages. */
  total: number
}

/** How fresh what we know of a cluster is. */
export interface Freshness {
  /** Last sweep that was stored; null: none yet. */
  sampledAt: number | null
  describedAt: number | null
  intervalMs: number
  /** Why the last sweep failed as a whole; null: it did not. */
  error: string | null
  /** What the last sweep and the last description could not read. */
  problems: Problem[]
}

export interface ClusterSummary {
  /** The name in URLs. */
  slug: string
  name: string
  system: string
  version: string | null
  source: "file" | "page"
  /** dev, staging, production or any other word; null: nobody says. */
  environment: string | null
  nodes: { online: number; total: number } | null
  destinations: number | null
  partitions: number | null
  groups: number | null
  groupsByStatus: Partial<Record<GroupStatus, number>>
  /** Messages a second over the last minute, and whether a part of it is unknown, so that it is a lower bound. */
  produceRate: number | null
  produceRatePartial: boolean
  consumeRate: number | null
  consumeRatePartial: boolean
  findings: Finding[]
  freshness: Freshness
}

export interface ClusterDetail extends ClusterSummary {
  clusterId: string | null
  nodeList: StoredNode[]
  /** Leaders and replicas per node id, for the skew table. */
  leadersByNode: { node: number; leaders: number; replicas: number }[]
  sweep: { ms: number; requests: number; bytesIn: number } | null
}

/** What every page about a cluster needs of it. */
export interface ClusterHead
  extends Pick<ClusterSummary, "slug" | "name" | "system" | "version" | "environment" | "freshness"> {
  /** What its connection can do; null: what is stored of it cannot be opened. */
  capabilities: Capability[] | null
}

/** A cluster's connection as its form shows it. */
export interface StoredConnection {
  name: string
  system: string
  source: "file" | "page"
  environment: string | null
  /** By field name; never a secret. */
  values: Record<string, string | boolean>
  /** Names of the fields whose secret is stored. */
  secrets: string[]
  /** Why what is stored cannot be opened (another key); null: it can. */
  unreadable: string | null
  /** Changes with every change; to be sent back. */
  revision: string
}

export interface DestinationRow {
  name: string
  internal: boolean
  partitions: number
  replicationFactor: number | null
  health: DestinationHealth
  /** Messages kept; null: unknown, as of compacted topics, whose offsets are no count of messages. */
  messages: number | null
  /** Sum of end − start over the partitions: an upper bound of the messages kept. */
  offsets: number | null
  /** On disk, of one copy of each partition. */
  bytes: number | null
  /** Messages a second over the last minute. */
  produceRate: number | null
  /** A part of it is unknown, so that it is a lower bound. */
  produceRatePartial: boolean
  groups: number
  retentionMs: number | null
  retentionBytes: number | null
  cleanupPolicy: string | null
}

export interface DestinationDetail extends DestinationRow {
  config: ConfigEntry[] | null
  /** What whoever reads it should know now, as the broker says it. */
  notes: string[]
  problems: Problem[]
  freshness: Freshness
}

export interface DestinationPartition extends Omit<Partition, "bytes"> {
  /** On disk, of one copy. */
  bytes: number | null
  start: number | null
  end: number | null
  /** end − start: an upper bound of the messages kept. */
  offsets: number | null
  /** Messages a second. */
  rate: number | null
  /** The last sweep could not read its end: the rate is of the samples before. */
  ratePartial: boolean
  /** No sweep has seen it yet. */
  isNew: boolean
}

export interface DestinationPartitions extends Page<DestinationPartition> {
  /** Messages a second of all of them; null: unknown. */
  rate: number | null
  /** A part of it is unknown. */
  ratePartial: boolean
  /** Why the cluster could not be asked. */
  problems: Problem[]
}

/** What an answer over time says of its buckets. */
export interface SeriesFacts {
  /** ms of one bucket. */
  stepMs: number
  /** ms between two samples that it was read from. */
  resolutionMs: number
  /** First moment that anything is stored of the cluster; null: nothing is. */
  begins: number | null
  /** Ends of the buckets; none lies after the last sample. */
  at: number[]
}

/** One or more series over the same moments; null in a series is a gap. */
export interface Series extends SeriesFacts {
  series: Record<string, (number | null)[]>
}
