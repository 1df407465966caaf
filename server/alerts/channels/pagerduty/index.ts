import { z } from "zod"
import { text } from "#server/inputs.ts"
import { address } from "../address.ts"
import type { Channel } from "../channel.ts"
import { postJson } from "../http.ts"
import { type IncidentAct, incidentActs, incidentKey, sendEach } from "../incidents.ts"
import type { Notification, NotifiedAlert } from "../notification.ts"
import { linkTo, shorten } from "../present.ts"

// Limits and answers: developer.pagerduty.com/docs/events-api-v2/overview and …/trigger-events.
const MAX_SUMMARY = 1024
const MAX_SOURCE = 255
/** Of one label or text in the details; an event may have 512 kB, and this is far below it. */
const MAX_DETAIL = 2000
const MAX_LINK = 1000
/** One request each. */
const MAX_ALERTS = 20

const settings = z.strictObject({
  url: address.default("https://events.pagerduty.com"),
  key: text(100)
    .trim()
    .regex(/^[A-Za-z0-9]{10,}$/, "Enter the integration key: 32 letters and digits."),
})

type Settings = z.output<typeof settings>

/** One PagerDuty incident for each alert, by the Events API v2. */
export const pagerduty: Channel<Settings> = {
  kind: "pagerduty",
  label: "PagerDuty",
  settings,
  fields: [
    {
      name: "key",
      label: "Integration key",
      help: "Of a service, Integrations, Events API v2, or of an event orchestration.",
      kind: "secret",
    },
    {
      name: "url",
      label: "Events API",
      help: "For accounts in the EU: https://events.eu.pagerduty.com.",
      kind: "text",
      initial: "https://events.pagerduty.com",
      receivesSecrets: true,
    },
  ],
  tellsAcknowledged: true,
  everyAlert: MAX_ALERTS,
  keepAliveMs: null,
  send: ({ url, key }, notification) =>
    sendEach(incidentActs(notification), (act) =>
      postJson({
        url: new URL("/v2/enqueue", url).href,
        body: JSON.stringify(eventOf(act, notification, key)),
        secrets: [key],
      }),
    ),
}

/** An acknowledgement cannot be taken back: PagerDuty lets it time out, and another trigger notes that it goes on. */
const ACTIONS = {
  open: "trigger",
  acknowledge: "acknowledge",
  unacknowledge: "trigger",
  close: "resolve",
} as const

function eventOf({ do: what, alert }: IncidentAct, notification: Notification, key: string) {
  const event = { routing_key: key, event_action: ACTIONS[what], dedup_key: incidentKey(alert) }
  if (event.event_action !== "trigger") return event
  const links = [linkTo("Open in Signalbox", alert.url), linkTo("Runbook", alert.runbook)]
  return {
    ...event,
    payload: payloadOf(alert, notification),
    links: links.flatMap((link) =>
      link && link.url.length <= MAX_LINK ? { href: link.url, text: link.label } : [],
    ),
    client: "Signalbox",
    ...(linkTo("", alert.url) ? { client_url: alert.url } : {}),
  }
}

/** In the Common Event Format: support.pagerduty.com/docs/pd-cef. */
function payloadOf(alert: NotifiedAlert, notification: Notification) {
  const { cluster = "", group, destination, node } = alert.labels
  const component = group ?? destination ?? node
  const labels = Object.entries(alert.labels).map(([name, value]) => [name, shorten(value, MAX_DETAIL)])
  return {
    summary: shorten(alert.sentence, MAX_SUMMARY) || alert.rule,
    source: shorten(cluster, MAX_SOURCE) || "signalbox",
    // The same words: PagerDuty has one more, error.
    severity: alert.severity,
    timestamp: alert.startsAt,
    ...(component ? { component: shorten(component, MAX_SOURCE) } : {}),
    class: shorten(alert.rule, MAX_SOURCE),
    custom_details: {
      advice: shorten(alert.advice, MAX_DETAIL),
      owner: shorten(alert.owner, MAX_DETAIL),
      value: alert.value,
      labels: Object.fromEntries(labels),
      notification: notification.id,
    },
  }
}
