import { type Notification, type NotifiedAlert, notification } from "#server/alerts/channels/notification.ts"

const at = "2026-11-26T10:00:00.000Z"

export function sampleAlert(over: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    fingerprint: "a1b2c3d4",
    status: "firing",
    event: "fired",
    rule: "Consumer group stopped",
    severity: "critical",
    sentence: "billing is stopped with 12,034 messages unread.",
    advice: "Start its consumers.",
    runbook: "https://runbooks.example.com/stopped?a=1&b=2",
    owner: "team billing",
    labels: { alertname: "Consumer group stopped", severity: "critical", cluster: "eu", group: "billing" },
    value: 12_034,
    startsAt: "2026-11-26T09:58:00.000Z",
    endsAt: null,
    acknowledgedBy: null,
    explains: [],
    url: "https://signalbox.example.com/alerts/7",
    ...over,
  }
}

export function sampleNotification(over: Partial<Notification> = {}): Notification {
  return notification.parse({
    version: 1,
    id: "test-17",
    at,
    kind: "alerts",
    status: "firing",
    severity: "critical",
    title: "Firing: billing is stopped with 12,034 messages unread.",
    groupLabels: { cluster: "eu" },
    groupKey: '["default","c1",[["cluster","eu"]]]',
    url: "https://signalbox.example.com/alerts",
    alerts: [sampleAlert()],
    omitted: 0,
    ...over,
  })
}

/** What brokers let people name things: markup of every service, mentions, control characters, other scripts. */
const HOSTILE = `<!channel> @everyone <at>all</at> *b* _i_ \`c\` [x](https://evil.example) & "q" \\ \u0007 订单 🧾 \u202e`
const LONG = `${HOSTILE} ${"é🧾 & < ".repeat(400)}`.slice(0, 2000)

const resolved = { status: "resolved", event: "resolved", endsAt: at } as const

function hostileAlert(index: number): NotifiedAlert {
  return sampleAlert({
    fingerprint: `f${index}`,
    sentence: LONG,
    advice: LONG,
    runbook: `https://runbooks.example.com/${"x".repeat(900)}`,
    owner: HOSTILE.slice(0, 100),
    labels: { alertname: HOSTILE, cluster: "eu", group: `${LONG}${index}`, topic: HOSTILE, empty: "" },
  })
}

/** Every kind of notification, and the largest there are. */
export const SAMPLES: Readonly<Record<string, Notification>> = {
  fired: sampleNotification(),
  acknowledged: sampleNotification({
    alerts: [sampleAlert({ event: "acknowledged", acknowledgedBy: "ada@example.org" })],
  }),
  unacknowledged: sampleNotification({ alerts: [sampleAlert({ event: "unacknowledged" })] }),
  resolved: sampleNotification({ status: "resolved", alerts: [sampleAlert(resolved)] }),
  escalated: sampleNotification({ alerts: [sampleAlert({ event: "escalated", severity: "info" })] }),
  "fired and resolved at once": sampleNotification({
    status: "resolved",
    alerts: [sampleAlert(), sampleAlert(resolved)],
  }),
  reminder: sampleNotification({
    kind: "reminder",
    alerts: [
      sampleAlert({ event: "firing", severity: "warning", value: null, advice: "", owner: "", runbook: "" }),
    ],
  }),
  test: sampleNotification({
    id: "test-x",
    kind: "test",
    severity: "info",
    url: "",
    alerts: [sampleAlert({ url: "", runbook: "" })],
  }),
  "fifty hostile alerts": sampleNotification({
    title: LONG,
    alerts: Array.from({ length: 50 }, (_, index) => hostileAlert(index)),
    omitted: 250,
  }),
  "one hostile alert": sampleNotification({ title: HOSTILE, alerts: [hostileAlert(0)] }),
  "no address": sampleNotification({ url: "", alerts: [sampleAlert({ url: "", runbook: "" })] }),
}
