import { expect, it } from "vitest"
import { z } from "zod"
import { alertmanager } from "#server/alerts/channels/alertmanager/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const TOKEN = "t0ken-of-the-proxy"
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

// postableAlerts of github.com/prometheus/alertmanager/blob/v0.28.1/api/v2/openapi.yaml, and Validate of its alerts
const labelSet = z.record(
  z.string().regex(NAME),
  z
    .string()
    .min(1)
    .refine((value) => value.isWellFormed()),
)
const alerts = z.array(
  z
    .strictObject({
      labels: labelSet.refine((labels) => Object.keys(labels).length > 0),
      annotations: labelSet,
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime(),
      generatorURL: z.url().optional(),
    })
    .refine(({ startsAt, endsAt }) => Date.parse(endsAt) >= Date.parse(startsAt), "it ends before it starts"),
)

function accept(asked: Asked): Answered {
  if (asked.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: "Unauthorized" }
  if (asked.url.pathname !== "/am/api/v2/alerts") return { status: 404, body: "" }
  const parsed = alerts.safeParse(readJson(asked))
  return parsed.success
    ? { status: 200, body: "" }
    : { status: 400, body: JSON.stringify(z.prettifyError(parsed.error)) }
}

testChannel({
  kind: "alertmanager",
  settings: (url) => ({ url: `${url}/am/`, auth: "bearer", token: TOKEN }),
  wrong: (url) => ({ url: `${url}/am`, auth: "bearer", token: "another-token" }),
  secrets: [TOKEN],
  accept,
  limited: { answer: { status: 429, body: "", headers: { "retry-after": "3" } }, retryAfterMs: 3000 },
  refused: { status: 400, body: '"invalid label set"' },
  template: null,
})

it("signs in with a user name and a password, and makes names of labels valid", async () => {
  await using service = await startService(() => ({ status: 200, body: "" }))
  const settings = { url: service.url, auth: "basic", username: "ada", password: "pa:ss" }
  const labels = { "team-name": "a", "0": "b", empty: "", cluster: "\ud800eu" }
  await alertmanager.send(
    alertmanager.settings.parse(settings),
    sampleNotification({ alerts: [sampleAlert({ labels })] }),
  )
  const [asked] = service.asked
  expect(asked?.headers.authorization).toBe(`Basic ${btoa("ada:pa:ss")}`)
  expect(JSON.parse(asked?.body ?? "")).toMatchObject([
    {
      labels: {
        alertname: "Consumer group stopped",
        severity: "critical",
        team_name: "a",
        _0: "b",
        cluster: "\ufffdeu",
      },
    },
  ])
})
