import { expect, it } from "vitest"
import { z } from "zod"
import { teams } from "#server/alerts/channels/teams/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const SIGNATURE = "sig-0123456789abcdefghij"
const PATH = "/workflows/0123456789abcdef/triggers/manual/paths/invoke"

// adaptivecards.io/explorer, version 1.4 which Teams shows on every device
const colour = z.enum(["Attention", "Warning", "Accent", "Good"])
const run = z.strictObject({
  type: z.literal("TextRun"),
  text: z.string().min(1),
  size: z.enum(["Small", "Large"]).optional(),
  weight: z.enum(["Bolder"]).optional(),
  color: colour.optional(),
  isSubtle: z.boolean().optional(),
})
const rich = z.strictObject({ type: z.literal("RichTextBlock"), inlines: z.array(run).min(1) })
const element = z.discriminatedUnion("type", [
  rich,
  z.strictObject({ type: z.literal("TextBlock"), text: z.string().min(1), wrap: z.literal(true) }),
  z.strictObject({
    type: z.literal("Container"),
    style: z.enum(["attention", "warning", "accent", "good"]),
    items: z.array(rich).min(1),
  }),
])
const action = z.strictObject({
  type: z.literal("Action.OpenUrl"),
  title: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
})
const card = z.strictObject({
  $schema: z.string(),
  type: z.literal("AdaptiveCard"),
  version: z.literal("1.4"),
  msteams: z.strictObject({ width: z.literal("Full") }),
  body: z.array(element).min(1),
  actions: z.array(action).min(1).max(6).optional(),
})
const attachment = z.strictObject({
  contentType: z.literal("application/vnd.microsoft.card.adaptive"),
  contentUrl: z.null(),
  content: card,
})
const message = z.strictObject({ type: z.literal("message"), attachments: z.array(attachment).length(1) })

const failed = (status: number, code: string): Answered => ({
  status,
  body: JSON.stringify({ error: { code, message: `The workflow said ${code}.` } }),
})

function accept(asked: Asked): Answered {
  if (asked.url.pathname !== PATH || asked.url.searchParams.get("sig") !== SIGNATURE)
    return failed(401, "DirectApiAuthorizationRequired")
  if (Buffer.byteLength(asked.body) > 28_000) return failed(413, "RequestEntityTooLarge")
  return message.safeParse(readJson(asked)).success
    ? { status: 202, body: "" }
    : failed(400, "InvalidRequest")
}

const at = (url: string, sig: string) => ({
  url: `${url}${PATH}?api-version=2016-06-01&sp=%2Ftriggers&sig=${sig}`,
})

testChannel({
  kind: "teams",
  settings: (url) => at(url, SIGNATURE),
  wrong: (url) => at(url, "other-signature"),
  secrets: [SIGNATURE],
  accept,
  limited: {
    answer: { ...failed(429, "TooManyRequests"), headers: { "retry-after": "12" } },
    retryAfterMs: 12_000,
  },
  refused: failed(400, "TriggerInputSchemaMismatch"),
})

it("takes the colours of cards from the severity, and has buttons to where it leads", async () => {
  await using service = await startService(accept)
  await teams.send({ ...at(service.url, SIGNATURE), template: "" }, sampleNotification())
  const { content } = message.parse(JSON.parse(service.asked[0]?.body ?? "")).attachments[0] ?? {}
  expect(content?.body.map((one) => one.type)).toEqual(["RichTextBlock", "Container"])
  expect(content?.body[1]).toMatchObject({ style: "attention" })
  expect(content?.actions?.map((one) => one.title)).toEqual(["Open", "Runbook", "Open Signalbox"])
})
