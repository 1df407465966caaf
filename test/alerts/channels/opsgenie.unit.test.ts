import { expect, it } from "vitest"
import { z } from "zod"
import { opsgenie } from "#server/alerts/channels/opsgenie/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const KEY = "eb243592-faa2-4ba2-a551-1afdf565c889"

// docs.opsgenie.com/docs/alert-api
const created = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().min(1).max(512),
  description: z.string().max(15_000),
  priority: z.enum(["P1", "P2", "P3", "P4", "P5"]),
  entity: z.string().max(512),
  source: z.string().max(100),
  details: z
    .record(z.string(), z.string())
    .refine((details) => Object.entries(details).flat().join("").length <= 8000, "more than 8000 characters"),
})
const acted = z.strictObject({ source: z.string().max(100), user: z.string().max(100).optional() })

const answer = (status: number, message: string): Answered => ({
  status,
  body: JSON.stringify({ message, took: 0.1, requestId: "43a29c5c-3dbf-4fa4-9c26-f4f71023e120" }),
})

/** The alerts of an account. Requests are worked later: one for an alert that is not there is accepted as well. */
function startAlerts(prefix = "") {
  const alerts = new Map<string, { priority: string; acknowledged: boolean; by?: string; count: number }>()
  const accept = (asked: Asked): Answered => {
    if (asked.headers.authorization !== `GenieKey ${KEY}`)
      return answer(401, "You are not authorized to perform this operation")
    const { pathname, searchParams } = asked.url
    const body = readJson(asked)
    if (pathname === `${prefix}/v2/alerts`) {
      const parsed = created.safeParse(body)
      if (!parsed.success) return answer(422, z.prettifyError(parsed.error))
      const { alias, priority } = parsed.data
      const known = alerts.get(alias)
      if (known) known.count += 1
      else alerts.set(alias, { priority, acknowledged: false, count: 1 })
      return answer(202, "Request will be processed")
    }
    const act = /^\/v2\/alerts\/([^/]+)\/(acknowledge|unacknowledge|close)$/.exec(
      pathname.slice(prefix.length),
    )
    if (!act || searchParams.get("identifierType") !== "alias") return answer(404, "No handler")
    const parsed = acted.safeParse(body)
    if (!parsed.success) return answer(422, z.prettifyError(parsed.error))
    const [, alias = "", what] = act
    const known = alerts.get(alias)
    if (what === "close") alerts.delete(alias)
    else if (known) Object.assign(known, { acknowledged: what === "acknowledge", by: parsed.data.user })
    return answer(202, "Request will be processed")
  }
  return { alerts, accept }
}

testChannel({
  kind: "opsgenie",
  settings: (url) => ({ url, key: KEY }),
  wrong: (url) => ({ url, key: "another-key" }),
  secrets: [KEY],
  accept: (asked) => startAlerts().accept(asked),
  limited: { answer: answer(429, "You are making too many requests!"), retryAfterMs: null },
  refused: answer(422, "Request body is not processable. Please check the errors."),
  template: null,
})

it("has one alert for each, from creation over acknowledgement to its end", async () => {
  const { alerts, accept } = startAlerts("/jsm/ops/integration")
  await using service = await startService(accept)
  const url = `${service.url}/jsm/ops/integration/`
  const send = (...all: ReturnType<typeof sampleAlert>[]) =>
    opsgenie.send({ url, key: KEY }, sampleNotification({ alerts: all }))
  const a = { fingerprint: "a" }
  await send(sampleAlert(a), sampleAlert({ fingerprint: "b", labels: { priority: "p2" } }))
  expect([...alerts].map(([alias, { priority }]) => [alias, priority])).toEqual([
    ["signalbox-a", "P1"],
    ["signalbox-b", "P2"],
  ])
  await send(sampleAlert({ ...a, event: "acknowledged", acknowledgedBy: "ada@example.org" }))
  expect(alerts.get("signalbox-a")).toMatchObject({ acknowledged: true, by: "ada@example.org" })
  await send(sampleAlert({ ...a, event: "unacknowledged" }))
  expect(alerts.get("signalbox-a")).toMatchObject({ acknowledged: false })
  await send(sampleAlert({ ...a, event: "escalated" }))
  expect(alerts.get("signalbox-a")?.count).toBe(2)
  await send(sampleAlert({ ...a, status: "resolved", event: "resolved" }))
  expect([...alerts.keys()]).toEqual(["signalbox-b"])
})
