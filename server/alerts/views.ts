/** What the pages are told of alerts. Times are ms since the epoch. */
import { z } from "zod"
import { labels as labelsSchema, matchers } from "./matcher.ts"
import { condition, rule, SEVERITIES } from "./rule.ts"
import { SUBJECTS, UNITS } from "./signals/signal.ts"
import { recurrence } from "./silences/window.ts"

/** ms since the epoch. */
const at = z.number()

export const alertRow = z.object({
  id: z.string(),
  rule: z.string(),
  signal: z.string(),
  state: z.enum(["pending", "firing", "resolved"]),
  severity: z.enum(SEVERITIES),
  /** Slug; null: it concerns Signalbox itself. */
  cluster: z.string().nullable(),
  labels: labelsSchema,
  sentence: z.string(),
  /** Why it matters and what to do. */
  advice: z.string(),
  runbook: z.string(),
  startedAt: at,
  firedAt: at.nullable(),
  resolvedAt: at.nullable(),
  flapping: z.boolean(),
  acknowledged: z.object({ by: z.string(), at, comment: z.string().nullable() }).nullable(),
  /** The silence that mutes it now; null: none does. */
  silence: z.object({ id: z.string(), endsAt: at.nullable() }).nullable(),
  /** The alert that explains it, so that nobody is notified of it by itself; null: none does. */
  explainedBy: z.object({ id: z.string(), sentence: z.string() }).nullable(),
  /** Alerts that fire and are explained by this one. */
  explains: z.number(),
})

export type AlertRow = z.output<typeof alertRow>

export const alertList = z.object({
  rows: z.array(alertRow),
  total: z.number(),
  /** Of what fires: how many are not acknowledged, by severity. */
  firing: z.record(z.enum(SEVERITIES), z.number()),
})

export type AlertList = z.output<typeof alertList>

export const ruleRow = z.object({
  id: z.string(),
  source: z.enum(["default", "file", "page"]),
  enabled: z.boolean(),
  /** What a change must name: it is refused when the rule was changed meanwhile. */
  revision: z.number(),
  rule,
  /** Of a rule that comes with Signalbox: whether it was changed since. */
  isChanged: z.boolean(),
  firing: z.number(),
  updatedBy: z.string(),
})

export type RuleRow = z.output<typeof ruleRow>

/** What a rule may watch. Every field is described in the docs of the signal. */
export const signalView = z.object({
  id: z.string(),
  label: z.string(),
  unit: z.enum(UNITS),
  subject: z.enum(SUBJECTS),
  help: z.string(),
  suggested: condition,
  sentence: z.string(),
  words: z.array(z.string()),
  /** What its series are known by, beside their cluster. */
  labels: z.array(z.string()),
})

export const ruleList = z.object({
  rules: z.array(ruleRow),
  signals: z.array(signalView),
  /** What is wrong with the rules of signalbox.yaml, a sentence each. */
  fileProblems: z.array(z.string()),
})

export type RuleList = z.output<typeof ruleList>

/** What an alert was from when to when, ms; `to` null: it goes on. */
export const alertPart = z.object({
  state: z.enum(["pending", "firing", "acknowledged", "silenced"]),
  from: at,
  to: at.nullable(),
})

export type AlertPart = z.output<typeof alertPart>

/** An alert on the timeline. */
export interface TimelineAlert {
  id: string
  /** Id and name of its rule. */
  rule: string
  ruleName: string
  severity: (typeof SEVERITIES)[number]
  /** The same for every alert of a rule on a series. */
  series: string
  /** What the series is called. */
  name: string
  cluster: string | null
  sentence: string
  parts: AlertPart[]
}

export interface AlertTimeline {
  from: number
  to: number
  alerts: TimelineAlert[]
  /** Alerts of the range that are not among these: the oldest. */
  leftOff: number
}

/** One alert with all that happened to it. */
export interface AlertDetail extends AlertRow {
  ruleId: string
  parts: AlertPart[]
  events: { at: number; kind: string; by: string | null; note: string | null }[]
}

/** An alert that has just fired, as a browser tells of it. */
export interface FiredAlert {
  id: string
  /** The name of its rule. */
  rule: string
  severity: (typeof SEVERITIES)[number]
  cluster: string | null
  sentence: string
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
  /** Deliveries that failed in a row, and since when. */
  failures: number
  failingSince: number | null
  /** Notifications that wait to be delivered. */
  waiting: number
}

export const silenceRow = z.object({
  id: z.string(),
  matchers,
  startsAt: at,
  /** null: it comes back until somebody ends it. */
  endsAt: at.nullable(),
  recurrence: recurrence.nullable(),
  /** Slugs of the clusters where it holds; empty: all. */
  clusters: z.array(z.string()),
  comment: z.string(),
  createdBy: z.string(),
  createdAt: at,
  state: z.enum(["active", "scheduled", "ended"]),
  /** Alerts that fire now and are muted by it. */
  mutes: z.number(),
  mayEnd: z.boolean(),
})

export type SilenceRow = z.output<typeof silenceRow>

export const silenceList = z.object({ rows: z.array(silenceRow) })

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
