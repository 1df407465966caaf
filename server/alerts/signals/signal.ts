import type { PoolClient } from "pg"
import type { Store } from "#server/store/index.ts"
import type { Value } from "../machine.ts"
import type { Labels } from "../matcher.ts"
import type { Condition } from "../rule.ts"

/** What a signal tells something of; its series are named by that. */
export const SUBJECTS = [
  "cluster",
  "node",
  "destination",
  "group",
  "failure",
  "channel",
  "service",
  "signalbox",
] as const
export type Subject = (typeof SUBJECTS)[number]

/** The labels that the series of a subject may have, beside those of their cluster. */
export const SUBJECT_LABELS: Readonly<Record<Subject, readonly string[]>> = {
  cluster: [],
  node: ["node"],
  destination: ["destination"],
  group: ["group"],
  failure: ["failure", "destination", "exception", "group"],
  channel: ["channel"],
  service: ["service"],
  signalbox: [],
}

/** The labels of every alert that its rule cannot set, beside those of its series. */
export const PLACE_LABELS = ["alertname", "signal", "severity", "cluster", "system", "environment"] as const

export const UNITS = [
  "messages",
  "messages/s",
  "ms",
  "count",
  "ratio",
  "bytes",
  "deviations",
  "times",
  "word",
] as const
export type Unit = (typeof UNITS)[number]

/** One group, topic, node … as a signal knows it. */
export interface Series {
  /** Unique among the series of its subject and cluster, and the same at every sample: an id of the database. */
  key: string
  labels: Labels
  /** The cluster it belongs to, where the round is not that cluster's. */
  clusterId?: number
}

/** What a signal says of one series at one moment; null: unknown. */
export interface Reading {
  series: Series
  value: Value
  /** More for the message of an alert than the series' labels and the value. */
  facts?: Labels
}

/** Anything that runs SQL: the transaction of a sample, or a pool. */
export type Database = Pick<PoolClient, "query">

/** One evaluation. */
export interface BaseRound {
  /** The moment that the sample stands for, ms. */
  at: number
  /** Sees what the sample has just written. */
  db: Database
  /** Loads once a round, however many signals ask for it. */
  once<Loaded>(what: string, load: () => Promise<Loaded>): Promise<Loaded>
  /**
   * The series of a subject: made when it is seen first, and the same object from then on, until its `version` is another:
   * what its labels depend on, where they may change.
   */
  series(
    subject: Subject,
    key: string | { key: string; version: string },
    names: () => Omit<Series, "key">,
  ): Series
  /** What a signal remembers from round to round; empty after a start. */
  memory<Kept>(signal: string, start: () => Kept): Kept
}

/** The evaluation of one cluster, after each sample of it. */
export interface Round extends BaseRound {
  cluster: RoundCluster
}

export interface RoundCluster {
  id: number
  slug: string
  name: string
  system: string
  environment: string | null
}

/** What a signal said of one series over time: values[i] belongs to the moment at[i]. */
export interface SeriesHistory {
  series: Series
  at: readonly number[]
  /** null: unknown. */
  values: readonly Value[]
}

export interface HistorySpan {
  store: Store
  cluster: RoundCluster
  from: number
  to: number
}

interface SignalFacts {
  id: string
  /** As a form names it: "Time lag". */
  label: string
  unit: Unit
  subject: Subject
  /** One sentence for whoever chooses it. */
  help: string
  /** The words it can say, for signals of the unit `word`. */
  words?: readonly string[]
  /** Of a signal that says words: the one of the same subject whose numbers are drawn for its alerts. */
  drawnAs?: string
  /** What a new rule starts with. */
  suggested: Condition
  /** What an alert says, unless its rule has a message of its own: a Liquid template. */
  sentence: string
  /**
   * Exact changes over time, where they are stored anyway: each value holds until the next. Without it the values of each
   * minute and ten minutes are kept (series.signal_values) and read from there.
   */
  readChanges?(span: HistorySpan): Promise<SeriesHistory[]>
}

/** A signal of what lives in a cluster. What is unknown stands as null; what is missing in the answer is gone. */
export interface ClusterSignal extends SignalFacts {
  of: "cluster"
  read(round: Round): Promise<Reading[]>
}

/** A signal of Signalbox itself, read on a clock and not with the samples of a cluster. */
export interface OwnSignal extends SignalFacts {
  of: "signalbox"
  read(round: BaseRound): Promise<Reading[]>
}

/** A signal is one file: what it is, and how to read it, now and from history. */
export type Signal = ClusterSignal | OwnSignal
