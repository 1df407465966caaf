import { z } from "zod"
import { labels } from "../matcher.ts"
import { SEVERITIES } from "../rule.ts"

/** One alert in a notification. Times are ISO 8601. */
export const notifiedAlert = z.object({
  /** The same for every episode of a rule on a series: receivers deduplicate by it. */
  fingerprint: z.string(),
  status: z.enum(["firing", "resolved"]),
  /** What this notification tells of it; "firing": it has been told before and still is. */
  event: z.enum(["fired", "resolved", "acknowledged", "unacknowledged", "escalated", "firing"]),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  /** One sentence: what is wrong. */
  sentence: z.string(),
  /** Why it matters and what to do. */
  advice: z.string(),
  runbook: z.string(),
  owner: z.string(),
  labels,
  value: z.number().nullable(),
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  /** Who acknowledged it, if somebody did. */
  acknowledgedBy: z.string().nullable(),
  /** Alerts that fire because of this one, by rule: no one is notified of them separately. */
  explains: z.array(z.object({ rule: z.string(), alerts: z.number() })).default([]),
  /** The page of the alert. */
  url: z.string(),
})

export type NotifiedAlert = z.output<typeof notifiedAlert>

/** Of each alert the last that is told of it: where it stands now. */
export function latestOf(alerts: readonly NotifiedAlert[]): NotifiedAlert[] {
  return [...new Map(alerts.map((alert) => [alert.fingerprint, alert])).values()]
}

/**
 * What a channel is told at once, version 1. The same notification may be delivered more than once when a process dies
 * between the delivery and its record: receivers deduplicate by `id`.
 */
export const notification = z.object({
  version: z.literal(1),
  /** Unique for this installation. */
  id: z.string(),
  at: z.string(),
  /** test: somebody tries a channel; reminder: nothing is new, but it still fires. */
  kind: z.enum(["alerts", "reminder", "test"]),
  status: z.enum(["firing", "resolved"]),
  /** The most urgent of its alerts. */
  severity: z.enum(SEVERITIES),
  /** One line: "2 firing, 1 resolved on production". */
  title: z.string(),
  /** The labels that its alerts are grouped by. */
  groupLabels: labels,
  /** Names the group: the same for all notifications about it. */
  groupKey: z.string(),
  /** Where the alerts are looked at. */
  url: z.string(),
  alerts: z.array(notifiedAlert),
  /** Alerts that found no place here. */
  omitted: z.number(),
})

export type Notification = z.output<typeof notification>
