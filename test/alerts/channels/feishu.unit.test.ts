import { createHmac } from "node:crypto"
import { expect, it } from "vitest"
import { z } from "zod"
import { feishu } from "#server/alerts/channels/feishu/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const HOOK = "5e3d587e-d78e-4a07-bd07-265f269f86fd"
const SECRET = "nIMtb7r3N9pkXyXdtAbx6e"
const HOUR_S = 3600

const plain = z.strictObject({ tag: z.literal("plain_text"), content: z.string().min(1) })
const element = z.discriminatedUnion("tag", [
  z.strictObject({ tag: z.literal("div"), text: plain }),
  z.strictObject({ tag: z.literal("note"), elements: z.array(plain).min(1) }),
  z.strictObject({ tag: z.literal("markdown"), content: z.string().min(1) }),
  z.strictObject({
    tag: z.literal("action"),
    actions: z
      .array(
        z.strictObject({
          tag: z.literal("button"),
          type: z.literal("default"),
          text: plain,
          url: z.url({ protocol: /^https?$/ }),
        }),
      )
      .min(1),
  }),
])
const message = z.strictObject({
  timestamp: z.string(),
  sign: z.string(),
  msg_type: z.literal("interactive"),
  card: z.strictObject({
    config: z.strictObject({ wide_screen_mode: z.literal(true) }),
    header: z.strictObject({ template: z.enum(["red", "orange", "blue", "green"]), title: plain }),
    elements: z.array(element).min(1),
  }),
})

const said = (code: number, msg: string): Answered => ({
  status: 200,
  body: JSON.stringify({ code, msg, data: {} }),
})

/** open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
function accept(asked: Asked): Answered {
  if (asked.url.pathname !== `/open-apis/bot/v2/hook/${HOOK}`)
    return said(19_001, "param invalid: incoming webhook access token invalid")
  if (Buffer.byteLength(asked.body) > 20_480) return said(9499, "Bad Request")
  const parsed = message.safeParse(readJson(asked))
  if (!parsed.success) return said(9499, "Bad Request")
  const { timestamp, sign } = parsed.data
  const right = createHmac("sha256", `${timestamp}\n${SECRET}`).update("").digest("base64")
  if (sign !== right || Math.abs(Date.now() / 1000 - Number(timestamp)) > HOUR_S)
    return said(19_021, "sign match fail or timestamp is not within one hour from current time")
  return said(0, "success")
}

const at = (url: string, hook = HOOK) => `${url}/open-apis/bot/v2/hook/${hook}`

testChannel({
  kind: "feishu",
  settings: (url) => ({ url: at(url), secret: SECRET }),
  wrong: (url) => ({ url: at(url), secret: "another-secret" }),
  secrets: [HOOK, SECRET],
  accept,
  limited: { answer: said(11_232, "frequency limited"), retryAfterMs: null },
  refused: said(19_024, "Key Words Not Found"),
  busy: said(9499, "too many request"),
})

it("shows names as plain text, in the colour of the severity, with buttons to where it leads", async () => {
  await using service = await startService(accept)
  const sentence = "*b* <at user_id='all'></at> [x](https://evil.example)"
  const alerts = [sampleAlert({ sentence })]
  await feishu.send({ url: at(service.url), secret: SECRET, template: "" }, sampleNotification({ alerts }))
  const { card } = message.parse(JSON.parse(service.asked[0]?.body ?? ""))
  expect(card.header.template).toBe("red")
  expect(card.elements[0]).toMatchObject({
    text: { tag: "plain_text", content: `Critical: ${sentence}\nStart its consumers.` },
  })
  const buttons = card.elements.flatMap((one) => (one.tag === "action" ? one.actions : []))
  expect(buttons.map((one) => one.text.content)).toEqual(["Open", "Runbook", "Open Signalbox"])
})
