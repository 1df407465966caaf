import type { Context } from "#server/context.ts"
import type { Value } from "../machine.ts"
import type { Labels } from "../matcher.ts"
import type { Rule } from "../rule.ts"
import type { RoundCluster, Signal } from "../signals/signal.ts"
import type { Gap } from "./gaps.ts"
import type { Interval } from "./intervals.ts"
import type { Tally } from "./tally.ts"

/** What is tried, and on what. Times in ms. */
export interface Asked {
  ctx: Context
  signal: Signal
  /** null: Signalbox itself. */
  cluster: (RoundCluster & { intervalMs: number }) | null
  rule: Rule
  from: number
  to: number
  /** Asked of series of Signalbox itself, by their labels. */
  isShown: (labels: Labels) => boolean
}

/** What a rule would have done on the history of one cluster, or of Signalbox itself. */
export interface History {
  series: { key: number; labels: Labels; tally: Tally }[]
  /** First moment that anything is known; null: nothing is. */
  begins: number | null
  /** What each part was judged at: values of so many ms, or exact changes (0). */
  parts: { from: number; to: number; resolutionMs: number }[]
  gaps: Gap[]
  /** When at least one series would have been firing, and pending. */
  firing: Interval[]
  pending: Interval[]
  /** Values and intervals of some series, by their keys. */
  show: (keys: readonly number[]) => Promise<Map<number, Shown>>
}

export interface Shown {
  intervals: Interval[]
  at: number[]
  values: Value[]
}
