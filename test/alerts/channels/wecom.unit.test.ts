import { expect, it } from "vitest"
import { z } from "zod"
import { wecom } from "#server/alerts/channels/wecom/index.ts"
import { readJson, testChannel } from "./contract.ts"
import { SAMPLES, sampleAlert, sampleNotification } from "./samples.ts"
import { type Answered, type Asked, startService } from "./service.ts"

const KEY = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"

// developer.work.weixin.qq.com/document/path/91770
const message = z.strictObject({
  msgtype: z.literal("markdown"),
  markdown: z.strictObject({
    content: z
      .string()
      .min(1)
      .refine((content) => Buffer.byteLength(content) <= 4096, "more than 4096 bytes")
      .refine((content) => content.isWellFormed(), "half a character"),
  }),
})

const said = (errcode: number, errmsg: string): Answered => ({
  status: 200,
  body: JSON.stringify({ errcode, errmsg }),
})

function accept(asked: Asked): Answered {
  if (asked.url.searchParams.get("key") !== KEY) return said(93_000, "invalid webhook url")
  const parsed = message.safeParse(readJson(asked))
  return parsed.success ? said(0, "ok") : said(40_058, z.prettifyError(parsed.error))
}

const at = (url: string, key = KEY) => ({ url: `${url}/cgi-bin/webhook/send?key=${key}` })

testChannel({
  kind: "wecom",
  settings: (url) => at(url),
  wrong: (url) => at(url, "another-key-that-is-none"),
  secrets: [KEY],
  accept,
  limited: { answer: said(45_009, "api freq out of limit"), retryAfterMs: 60_000 },
  refused: said(40_008, "invalid message type"),
  busy: said(-1, "system busy"),
})

it("lets names bring neither markup nor mentions, and says how many alerts found no place", async () => {
  await using service = await startService(accept)
  const alerts = [sampleAlert({ sentence: "<@all> **b** [x](https://evil.example)\n> `q`" })]
  await wecom.send({ ...at(service.url), template: "" }, sampleNotification({ alerts }))
  await wecom.send(
    { ...at(service.url), template: "" },
    SAMPLES["fifty hostile alerts"] ?? sampleNotification(),
  )
  const texts = service.asked.map(({ body }) => message.parse(JSON.parse(body)).markdown.content)
  expect(texts[0]).toContain(
    '<font color="warning">Critical</font>: ＜@all＞ ＊＊b＊＊ ［x］（https://evil.example） ＞ ｀q｀\n',
  )
  expect(texts[0]).toContain("[Open](https://signalbox.example.com/alerts/7)")
  expect(texts[1]).toMatch(/and \d+ more alerts/)
})

it("cuts what a template writes to what is taken", async () => {
  await using service = await startService(accept)
  const template = "{% for n in (1..3000) %}订🧾{% endfor %}"
  await wecom.send({ ...at(service.url), template }, sampleNotification())
})
