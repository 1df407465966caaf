/** What the pages are told of alerts. Times are ms since the epoch. */
import type { Labels } from "./matcher.ts"
import type { Rule, Severity } from "./rule.ts"
import type { Signal } from "./signals/signal.ts"

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
