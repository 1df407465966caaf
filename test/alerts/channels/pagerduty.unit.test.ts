import { expect, it } from "vitest"
import { z } from "zod"
import { pagerduty } from "#server/alerts/channels/pagerduty/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { SAMPLES, sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const KEY = "0123456789abcdef0123456789ABCDEF"
const MAX_BYTES = 512 * 1024

// developer.pagerduty.com/docs/events-api-v2/trigger-events
const named = { routing_key: z.string(), dedup_key: z.string().min(1).max(255) }
const event = z.discriminatedUnion("event_action", [
  z.strictObject({
    ...named,
    event_action: z.literal("trigger"),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1).max(255),
      severity: z.enum(["critical", "error", "warning", "info"]),
      timestamp: z.iso.datetime(),
      component: z.string().min(1).optional(),
      class: z.string().min(1),
      custom_details: z.record(z.string(), z.unknown()),
    }),
    links: z.array(z.strictObject({ href: z.url({ protocol: /^https?$/ }), text: z.string() })),
    client: z.string(),
    client_url: z.url().optional(),
  }),
  z.strictObject({ ...named, event_action: z.enum(["acknowledge", "resolve"]) }),
])

const failed = (...errors: string[]): Answered => ({
  status: 400,
  body: JSON.stringify({ status: "invalid event", message: "Event object is invalid", errors }),
})

/** The incidents of a service: triggers of one key that is open are one incident; others need an open one. */
function startIncidents() {
  const incidents = new Map<string, { state: string; severity: string }>()
  const opened: string[] = []
  const accept = (asked: Asked): Answered => {
    if (asked.url.pathname !== "/v2/enqueue") return { status: 404, body: "" }
    if (Buffer.byteLength(asked.body) > MAX_BYTES) return { status: 413, body: "" }
    const parsed = event.safeParse(readJson(asked))
    if (!parsed.success) return failed(z.prettifyError(parsed.error))
    const sent = parsed.data
    if (sent.routing_key !== KEY) return failed("'routing_key' is invalid")
    const open = incidents.get(sent.dedup_key)
    if (sent.event_action === "trigger") {
      if (!open) opened.push(sent.dedup_key)
      incidents.set(sent.dedup_key, { state: open?.state ?? "triggered", severity: sent.payload.severity })
    } else if (sent.event_action === "resolve") incidents.delete(sent.dedup_key)
    else if (open) open.state = "acknowledged"
    return {
      status: 202,
      body: JSON.stringify({ status: "success", message: "Event processed", dedup_key: sent.dedup_key }),
    }
  }
  return { incidents, opened, accept }
}

testChannel({
  kind: "pagerduty",
  settings: (url) => ({ url, key: KEY }),
  wrong: (url) => ({ url, key: KEY.replaceAll("0", "1") }),
  secrets: [KEY],
  accept: (asked) => startIncidents().accept(asked),
  limited: {
    answer: { status: 429, body: "{}", headers: { "retry-after": "45" } },
    retryAfterMs: 45_000,
  },
  refused: failed("'payload.severity' is invalid"),
  template: null,
})

it("has one incident for each alert, from trigger over acknowledge to resolve", async () => {
  const { incidents, opened, accept } = startIncidents()
  await using service = await startService(accept)
  const send = (...alerts: ReturnType<typeof sampleAlert>[]) =>
    pagerduty.send({ url: service.url, key: KEY }, sampleNotification({ alerts }))
  const a = { fingerprint: "a" }
  const b = { fingerprint: "b", severity: "warning" as const }
  await send(sampleAlert(a), sampleAlert(b))
  expect([...incidents]).toEqual([
    ["signalbox-a", { state: "triggered", severity: "critical" }],
    ["signalbox-b", { state: "triggered", severity: "warning" }],
  ])
  await send(sampleAlert({ ...a, event: "acknowledged" }))
  expect(incidents.get("signalbox-a")).toMatchObject({ state: "acknowledged" })
  await send(sampleAlert({ ...a, event: "escalated" }))
  await send(sampleAlert({ ...a, status: "resolved", event: "resolved" }))
  expect([...incidents.keys()]).toEqual(["signalbox-b"])
  await send(sampleAlert(a))
  expect(opened, "the next episode is another incident under the same key").toEqual([
    "signalbox-a",
    "signalbox-b",
    "signalbox-a",
  ])
})

it("opens nothing for what is over by the time it is sent, also when it comes twice", async () => {
  const { opened, accept } = startIncidents()
  await using service = await startService(accept)
  const notification = SAMPLES["fired and resolved at once"] ?? sampleNotification()
  for (const _ of [1, 2]) await pagerduty.send({ url: service.url, key: KEY }, notification)
  expect(opened).toEqual([])
})

it("sends the others when one is refused for good, and says how many were", async () => {
  const { incidents, accept } = startIncidents()
  await using service = await startService((asked) =>
    asked.body.includes("signalbox-b") ? failed("no") : accept(asked),
  )
  const alerts = ["a", "b", "c"].map((fingerprint) => sampleAlert({ fingerprint }))
  const sent = pagerduty.send({ url: service.url, key: KEY }, sampleNotification({ alerts }))
  await expect(sent).rejects.toMatchObject({ retry: false, message: expect.stringMatching(/^1 of 3: .*400/) })
  expect([...incidents.keys()]).toEqual(["signalbox-a", "signalbox-c"])
})
