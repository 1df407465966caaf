/** What the pages are told of alerts. Times are ms since the epoch. */
import type { Labels, Matcher } from "./matcher.ts"
import type { Rule, Severity } from "./rule.ts"
import type { Signal } from "./signals/signal.ts"
import type { Recurrence } from "./silences/window.ts"

export interface AlertRow {
  id: string
  rule: string
  signal: string
  state: "pending" | "firing" | "resolved"
  severity: Severity
  /** Slug; null: it concerns Signalbox itself. */
  cluster: string | null
  labels: Labels
  sentence: string
  /** Why it matters and what to do. */
  advice: string
  runbook: string
  startedAt: number
  firedAt: number | null
  resolvedAt: number | null
  flapping: boolean
  acknowledged: { by: string; at: number; comment: string | null } | null
  /** The silence that mutes it now; null: none does. */
  silence: { id: string; endsAt: number | null } | null
}

export interface AlertList {
  rows: AlertRow[]
  total: number
  /** Of what fires: how many are not acknowledged, by severity. */
  firing: Record<Severity, number>
}

export interface RuleRow {
  id: string
  source: "default" | "file" | "page"
  enabled: boolean
  revision: number
  rule: Rule
  /** Of a rule that comes with Signalbox: whether it was changed since. */
  isChanged: boolean
  firing: number
  updatedBy: string
}

export type SignalView = Pick<
  Signal,
  "id" | "label" | "unit" | "subject" | "help" | "suggested" | "sentence"
> & {
  words: readonly string[]
  /** What its series are known by, beside their cluster. */
  labels: readonly string[]
}

export interface ChannelRow {
  id: string
  name: string
  kind: string
  label: string
  enabled: boolean
  source: "file" | "page"
  deliveredAt: number | null
  /** Why the last delivery failed; null: it did not. */
  problem: string | null
  /** Notifications that wait to be delivered. */
  waiting: number
}

export interface SilenceRow {
  id: string
  matchers: readonly Matcher[]
  startsAt: number
  /** null: it comes back until somebody ends it. */
  endsAt: number | null
  recurrence: Recurrence | null
  /** Slugs of the clusters where it holds; empty: all. */
  clusters: readonly string[]
  comment: string
  createdBy: string
  createdAt: number
  state: "active" | "scheduled" | "ended"
  /** Alerts that fire now and are muted by it. */
  mutes: number
  mayEnd: boolean
}

/** Who is told of an alert. */
export interface ReceivedBy {
  routes: {
    id: string
    name: string
    /** Names of channels. */
    channels: string[]
    groupBy: readonly string[]
    escalation: { afterMs: number; channels: string[] } | null
  }[]
  /** The matchers of the silence that mutes it; null: none. */
  silencedBy: string | null
  /** What the alert says that explains it; null: none does. */
  explainedBy: string | null
}
