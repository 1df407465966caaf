import { latestOf, type Notification, type NotifiedAlert } from "../channels/notification.ts"
import type { Labels } from "../matcher.ts"
import { SEVERITIES } from "../rule.ts"
import type { ChangedAlert, StoredAlert } from "./alerts.ts"

/** No receiver shows more, and many refuse larger messages. */
const MAX_ALERTS = 50

export interface Composing {
  group: { key: string; labels: Labels }
  changed: readonly ChangedAlert[]
  /** What fires besides. */
  still: readonly StoredAlert[]
  kind: "alerts" | "reminder"
  /** What fires and is told nobody because another alert explains it, by the id of that. */
  explained: ReadonlyMap<string, readonly StoredAlert[]>
  url: string
  now: number
}

/** A notification without its id, which the database gives it. */
export type Content = Omit<Notification, "id">

/** What a channel is told of a group: what happened, in order, and what fires still. */
export function compose({ group, changed, still, kind, explained, url, now }: Composing): Content {
  const told = new Set(changed.map((one) => one.alert.id))
  const others = still.filter((alert) => !told.has(alert.id))
  const all: NotifiedAlert[] = [
    ...changed.map(({ alert, event }) => toNotified(alert, { event, url, explained })),
    ...others.map((alert) => toNotified(alert, { event: "firing", url, explained })),
  ]
  // What fired and was resolved since the last notification is told twice, and stands where it does now.
  const latest = latestOf(all)
  const firing = latest.filter((one) => one.status === "firing")
  const worst = Math.max(
    ...(firing.length > 0 ? firing : latest).map((one) => SEVERITIES.indexOf(one.severity)),
  )
  return {
    version: 1,
    at: new Date(now).toISOString(),
    kind,
    status: firing.length > 0 ? "firing" : "resolved",
    severity: SEVERITIES[worst] ?? "warning",
    title: titleOf(latest, group.labels),
    groupLabels: group.labels,
    groupKey: group.key,
    url: `${url}/alerts`,
    alerts: all.slice(0, MAX_ALERTS),
    omitted: Math.max(0, all.length - MAX_ALERTS),
  }
}

function toNotified(
  alert: StoredAlert,
  { event, url, explained }: Pick<Composing, "url" | "explained"> & { event: NotifiedAlert["event"] },
): NotifiedAlert {
  // What was resolved since is told in the order in which it happened: first that it fired.
  const isOver =
    event === "resolved" || (alert.state === "resolved" && event !== "fired" && event !== "escalated")
  return {
    fingerprint: alert.fingerprint,
    status: isOver ? "resolved" : "firing",
    event,
    rule: alert.rule.name,
    severity: alert.severity,
    sentence: alert.sentence,
    advice: alert.rule.advice,
    runbook: alert.rule.runbook,
    owner: alert.rule.owner,
    labels: alert.labels,
    value: alert.value !== null && Number.isFinite(alert.value) ? alert.value : null,
    startsAt: new Date(alert.firedAt).toISOString(),
    endsAt: isOver && alert.resolvedAt !== null ? new Date(alert.resolvedAt).toISOString() : null,
    acknowledgedBy: alert.acknowledgedBy,
    explains: isOver ? [] : countByRule(explained.get(alert.id) ?? []),
    url: `${url}/alerts/${alert.id}`,
  }
}

function countByRule(alerts: readonly StoredAlert[]): NotifiedAlert["explains"] {
  const byRule = Map.groupBy(alerts, (one) => one.rule.name)
  return [...byRule].map(([rule, { length }]) => ({ rule, alerts: length }))
}

/** One alert says itself what is wrong; of several their numbers are told. */
function titleOf(all: readonly NotifiedAlert[], labels: Labels): string {
  const [only, second] = all
  if (only && !second) return `${only.status === "firing" ? "Firing" : "Resolved"}: ${only.sentence}`
  const firing = all.filter((one) => one.status === "firing").length
  const counts = [
    ...(firing > 0 ? [`${firing} firing`] : []),
    ...(all.length > firing ? [`${all.length - firing} resolved`] : []),
  ].join(", ")
  const where = labels.cluster
  return where ? `${counts} on ${where}` : counts
}
