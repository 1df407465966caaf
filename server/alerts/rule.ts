import { z } from "zod"
import { text } from "#server/inputs.ts"
import { labelName } from "./matcher.ts"

/** From least to most urgent. */
export const SEVERITIES = ["info", "warning", "critical"] as const
export type Severity = (typeof SEVERITIES)[number]

const MAX_DURATION_MS = 7 * 86_400_000
const MAX_NAMES = 100

const durationMs = z.number().int().min(0).max(MAX_DURATION_MS)
const names = z.array(text(600).min(1)).max(MAX_NAMES)

/**
 * When a value is worth an alert. With `clear`, a firing alert ends only once the value is on the good side of that too
 * (hysteresis): `> 1000`, clear 200. `in`: the value is one of the signal's own words, such as a status.
 */
export const condition = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.enum([">", ">=", "<", "<="]),
    threshold: z.number(),
    clear: z.number().optional(),
  }),
  z.strictObject({ op: z.literal("in"), values: z.array(text(100).min(1)).min(1).max(50) }),
])

export type Condition = z.output<typeof condition>

/** Which series a rule watches. Empty lists do not narrow; in names `*` stands for any text. */
export const scope = z.strictObject({
  /** Slugs. */
  clusters: z.array(text(100)).max(200).default([]),
  environments: z.array(text(100)).max(50).default([]),
  /** Names of what the signal applies to: groups, topics, nodes. */
  include: names.default([]),
  exclude: names.default([]),
  /** Labels that a series must have, such as topic = orders.*. */
  labels: z.record(labelName, text(600)).default({}),
})

export type Scope = z.output<typeof scope>

/** What Prometheus calls an alerting rule. */
export const rule = z.strictObject({
  name: text(120).min(1),
  signal: text(60),
  condition,
  /** How long the condition must hold before the alert fires, ms. */
  forMs: durationMs.default(0),
  /** How long it must be over before the alert is resolved, ms. */
  keepFiringForMs: durationMs.default(0),
  scope: scope.prefault({}),
  severity: z.enum(SEVERITIES),
  labels: z.record(labelName, text(200)).default({}),
  /** A Liquid template over the alert's labels, `value` and `threshold`; empty: the signal's own sentence. */
  message: text(2000).default(""),
  /** Why it matters and what to do, for whoever is woken by it. */
  advice: text(2000).default(""),
  runbook: z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(1000)]).default(""),
  owner: text(200).default(""),
  /** What an unknown value means: nothing new, an alert, or the end of one. */
  missing: z.enum(["keep", "alert", "resolve"]).default("keep"),
  /** An alert that fires and ends more often than this within the window is held as one that is flapping; 0: never. */
  flapping: z
    .strictObject({ changes: z.number().int().min(0).max(100), withinMs: durationMs })
    .default({ changes: 6, withinMs: 900_000 }),
})

export type Rule = z.output<typeof rule>
