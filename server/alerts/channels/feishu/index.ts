import { createHmac } from "node:crypto"
import { z } from "zod"
import { text } from "#server/inputs.ts"
import { address } from "../address.ts"
import { judgeByCode } from "../answer-code.ts"
import type { Channel } from "../channel.ts"
import { fitting, oneLine } from "../fit.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { factLine, type Link, moreOf, type Shown, type ShownAlert, shorten, type Tone } from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

// open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: a request has 20 kB; 100 a minute and 5 a second are taken.
const MAX_BYTES = 20_000
const MAX_ALERTS = 20
const MAX_TITLE = 200
const MAX_PART = 400
const MAX_OWN = 4000
const MAX_LINK = 1000

const settings = z.strictObject({ url: address, secret: text(200).trim().default(""), template })

type Settings = z.output<typeof settings>

/** Cards in a Feishu or Lark group, by a custom bot. */
export const feishu: Channel<Settings> = {
  kind: "feishu",
  label: "Feishu",
  settings,
  fields: [
    {
      name: "url",
      label: "Webhook URL",
      help: "Of a custom bot of the group, in Feishu or Lark. Whoever knows it can post.",
      kind: "secret",
      placeholder: "https://open.feishu.cn/open-apis/bot/v2/hook/…",
    },
    {
      name: "secret",
      label: "Signing secret",
      help: "For bots with the security setting Signature verification.",
      kind: "secret",
    },
    templateField("the list of alerts, in Feishu's Markdown"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, secret, template }, notification) =>
    postJson({
      url,
      body: bodyOf(notification, { template, signature: signatureOf(secret, Date.now()) }),
      secrets: [...secretsOfUrl(url), secret],
      judge,
    }),
}

/** 11232 is the limit of frequency, 2200 an error of the service; 9499 stands for bad requests and for too many. */
const judge = judgeByCode("code", { 11232: { retry: true }, 2200: { retry: true } }, (message) =>
  /too many|frequency/i.test(message),
)

/**
 * The signature of a request (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot): the HMAC-SHA256 of nothing under
 * the key "timestamp\nsecret", in base64. The timestamp, in seconds, is taken for an hour.
 */
function signatureOf(secret: string, now: number): Record<string, string> {
  if (secret === "") return {}
  const timestamp = String(Math.floor(now / 1000))
  return { timestamp, sign: createHmac("sha256", `${timestamp}\n${secret}`).digest("base64") }
}

function bodyOf(
  notification: Notification,
  { template, signature }: { template: string; signature: Record<string, string> },
): string {
  const own = written(template, notification)
  return fitting(notification, { maxAlerts: MAX_ALERTS, maxBytes: MAX_BYTES }, (shown) =>
    JSON.stringify({ ...signature, msg_type: "interactive", card: cardOf(shown, own) }),
  )
}

/** The colours that headers of cards have. */
const TEMPLATES: Readonly<Record<Tone, string>> = {
  critical: "red",
  warning: "orange",
  info: "blue",
  resolved: "green",
}

function cardOf(shown: Shown, own: string | null) {
  const more = moreOf(shown)
  const title = shorten(oneLine(shown.title), MAX_TITLE) || "Signalbox"
  return {
    config: { wide_screen_mode: true },
    header: { template: TEMPLATES[shown.tone], title: plain(title) },
    elements: [
      ...(own === null
        ? shown.alerts.flatMap(elementsOf)
        : [{ tag: "markdown", content: shorten(own.trim(), MAX_OWN) || "-" }]),
      ...(more && own === null ? [{ tag: "div", text: plain(more) }] : []),
      ...actionsOf(shown.link ? [shown.link] : []),
    ],
  }
}

function elementsOf(alert: ShownAlert) {
  const { state, sentence, advice, since, links } = alert
  const said = [`${state}: ${sentence}`, advice].filter((line) => line !== "")
  const facts = [factLine(alert), `since ${since}`].filter((line) => line !== "").join(" · ")
  return [
    { tag: "div", text: plain(said.map((line) => shorten(line, MAX_PART)).join("\n")) },
    { tag: "note", elements: [plain(shorten(facts, MAX_PART))] },
    ...actionsOf(links.filter(({ url }) => url.length <= MAX_LINK)),
  ]
}

/** Plain text knows neither markup nor mentions: names of topics stay what they are. */
const plain = (content: string) => ({ tag: "plain_text", content })

function actionsOf(links: readonly Link[]) {
  if (links.length === 0) return []
  const actions = links.map(({ label, url }) => ({ tag: "button", type: "default", text: plain(label), url }))
  return [{ tag: "action", actions }]
}
