import { createHmac } from "node:crypto"
import { expect, it } from "vitest"
import { z } from "zod"
import { dingtalk } from "#server/alerts/channels/dingtalk/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { SAMPLES, sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const TOKEN = "566cc69da782ec0123456789abcdef"
const SECRET = "SEC240d7bb4c0bafc62+/="
const HOUR_MS = 3_600_000

const message = z.strictObject({
  msgtype: z.literal("markdown"),
  markdown: z.strictObject({ title: z.string().min(1), text: z.string().min(1) }),
  at: z.strictObject({ isAtAll: z.literal(false) }),
})

const said = (errcode: number, errmsg: string): Answered => ({
  status: 200,
  body: JSON.stringify({ errcode, errmsg }),
})

/** open.dingtalk.com/document/robots/customize-robot-security-settings */
function isSigned({ searchParams }: URL): boolean {
  const timestamp = searchParams.get("timestamp") ?? ""
  const sign = createHmac("sha256", SECRET).update(`${timestamp}\n${SECRET}`).digest("base64")
  return Math.abs(Date.now() - Number(timestamp)) < HOUR_MS && searchParams.get("sign") === sign
}

function accept(asked: Asked): Answered {
  if (asked.url.searchParams.get("access_token") !== TOKEN) return said(300_001, "token is not exist")
  if (!isSigned(asked.url)) return said(310_000, "sign not match")
  if (Buffer.byteLength(asked.body) > 20_000) return said(460_101, "message too long, exceed 20000 bytes")
  return message.safeParse(readJson(asked)).success ? said(0, "ok") : said(400_602, "invalid message")
}

const at = (url: string, token = TOKEN) => `${url}/robot/send?access_token=${token}`

testChannel({
  kind: "dingtalk",
  settings: (url) => ({ url: at(url), secret: SECRET }),
  wrong: (url) => ({ url: at(url, "another-token"), secret: SECRET }),
  secrets: [TOKEN, SECRET],
  accept,
  limited: { answer: said(130_101, "send too fast, exceed 20 times per minute"), retryAfterMs: 60_000 },
  refused: said(310_000, "keywords not in content"),
  busy: said(-1, "system busy"),
})

it("sends to a robot without a signature, and gives up a wrong secret", async () => {
  await using service = await startService((asked) => {
    const { searchParams } = asked.url
    return searchParams.has("sign") ? accept(asked) : said(0, "ok")
  })
  const send = (secret: string) =>
    dingtalk.send({ url: at(service.url), secret, template: "" }, sampleNotification())
  await send("")
  await expect(send("SECother")).rejects.toMatchObject({
    retry: false,
    message: expect.stringContaining("310000"),
  })
})

it("tries again what a gateway answers in its place", async () => {
  await using service = await startService(() => ({
    status: 200,
    body: "<html>sign in to this network</html>",
  }))
  const sent = dingtalk.send({ url: at(service.url), secret: "", template: "" }, sampleNotification())
  await expect(sent).rejects.toMatchObject({ retry: true })
})

it("escapes what would be markup, and says how many alerts found no place", async () => {
  await using service = await startService(accept)
  const settings = { url: at(service.url), secret: SECRET, template: "" }
  const alerts = [sampleAlert({ sentence: "*b* [x](https://evil.example)\n# heading <font>" })]
  await dingtalk.send(settings, sampleNotification({ alerts }))
  await dingtalk.send(settings, SAMPLES["fifty hostile alerts"] ?? sampleNotification())
  const texts = service.asked.map(({ body }) => message.parse(JSON.parse(body)).markdown.text)
  expect(texts[0]).toContain(
    "**Critical**: \\*b\\* \\[x\\]\\(https://evil.example\\) \\# heading \\<font\\>\n",
  )
  expect(texts[0]).toContain("[Open](https://signalbox.example.com/alerts/7)")
  expect(texts[1]).toMatch(/and \d+ more alerts/)
})
