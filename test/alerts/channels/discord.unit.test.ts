import { expect, it } from "vitest"
import { z } from "zod"
import { discord } from "#server/alerts/channels/discord/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const TOKEN = "sEcReT-webhook-token_0123456789"
const PATH = `/api/webhooks/1234567890/${TOKEN}`

// discord.com/developers/docs/resources/webhook#execute-webhook, and the limits of embeds
const embed = z.strictObject({
  title: z.string().max(256).optional(),
  description: z.string().min(1).max(4096),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  color: z.number().int().min(0).max(0xffffff),
  timestamp: z.iso.datetime().optional(),
})
const message = z
  .strictObject({
    content: z.string().min(1).max(2000),
    embeds: z.array(embed).min(1).max(10),
    allowed_mentions: z.strictObject({ parse: z.array(z.never()) }),
  })
  .refine(
    ({ embeds }) =>
      embeds.reduce((sum, { title = "", description }) => sum + title.length + description.length, 0) <= 6000,
    "more than 6000 characters in all embeds",
  )

function accept(asked: Asked): Answered {
  if (asked.url.pathname !== PATH)
    return { status: 401, body: JSON.stringify({ message: "Invalid Webhook Token", code: 50_027 }) }
  const parsed = message.safeParse(readJson(asked))
  if (parsed.success) return { status: 204, body: "" }
  return { status: 400, body: JSON.stringify({ message: "Invalid Form Body", code: 50_035 }) }
}

const limited = (retryAfter: unknown) => ({
  status: 429,
  body: JSON.stringify({ message: "You are being rate limited.", retry_after: retryAfter, global: false }),
  headers: { "retry-after": "1", "content-type": "application/json" },
})

testChannel({
  kind: "discord",
  settings: (url) => ({ url: `${url}${PATH}` }),
  wrong: (url) => ({ url: `${url}/api/webhooks/1234567890/other-token` }),
  secrets: [PATH, TOKEN],
  accept,
  limited: { answer: limited(64.57), retryAfterMs: 64_570 },
  refused: { status: 404, body: JSON.stringify({ message: "Unknown Webhook", code: 10_015 }) },
})

it("waits as a proxy's header says where there is no JSON", async () => {
  await using service = await startService(accept)
  const sent = () => discord.send({ url: `${service.url}${PATH}`, template: "" }, sampleNotification())
  service.answer({ status: 429, body: "<html>slow down</html>", headers: { "retry-after": "20" } })
  await expect(sent()).rejects.toMatchObject({ retry: true, retryAfterMs: 20_000 })
  service.answer(limited("soon"))
  await expect(sent()).rejects.toMatchObject({ retry: true, retryAfterMs: 1000 })
})

it("escapes what would be markup, and mentions nobody", async () => {
  await using service = await startService(accept)
  const title = "Firing: *billing* @everyone <@1>"
  await discord.send({ url: `${service.url}${PATH}`, template: "" }, sampleNotification({ title }))
  expect(JSON.parse(service.asked[0]?.body ?? "")).toMatchObject({
    content: "Firing\\: \\*billing\\* \\@everyone \\<\\@1\\>\nhttps://signalbox.example.com/alerts",
    embeds: [{ title: "Critical", color: 0xd03b3b, url: "https://signalbox.example.com/alerts/7" }],
    allowed_mentions: { parse: [] },
  })
})
