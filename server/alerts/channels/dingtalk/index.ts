import { createHmac } from "node:crypto"
import { z } from "zod"
import { text } from "#server/inputs.ts"
import { address } from "../address.ts"
import { judgeByCode } from "../answer-code.ts"
import type { Channel } from "../channel.ts"
import { fitting, oneLine, shortenBytes } from "../fit.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { factLine, markdownLink, moreOf, type Shown, type ShownAlert, shorten } from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

/** A message may have 20,000 bytes: open.dingtalk.com/document/robots/custom-robot-access; code 460101 says so. */
const MAX_BYTES = 20_000
/** JSON may need twice as many. */
const MAX_OWN = 9000
const MAX_ALERTS = 20
const MAX_TITLE = 100
const MAX_PART = 300
const MAX_LINK = 500
/** 20 messages a minute are taken. */
const LIMITED_MS = 60_000

const settings = z.strictObject({ url: address, secret: text(200).trim().default(""), template })

type Settings = z.output<typeof settings>

/** Markdown messages in a DingTalk group, by a custom robot. */
export const dingtalk: Channel<Settings> = {
  kind: "dingtalk",
  label: "DingTalk",
  settings,
  fields: [
    {
      name: "url",
      label: "Webhook URL",
      help: "Of a custom robot of the group. Whoever knows it can post.",
      kind: "secret",
      placeholder: "https://oapi.dingtalk.com/robot/send?access_token=…",
    },
    {
      name: "secret",
      label: "Signing secret",
      help: "Begins with SEC; for robots with the security setting Additional signature.",
      kind: "secret",
    },
    templateField("the list of alerts, in DingTalk's Markdown"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, secret, template }, notification) =>
    postJson({
      url: signed(url, secret, Date.now()),
      body: bodyOf(notification, template),
      secrets: [...secretsOfUrl(url), secret],
      judge,
    }),
}

/** Error codes of robots: 130101 sends too fast, 410100 too often for the group, -1 and 33001 the system is busy. */
const judge = judgeByCode("errcode", {
  130101: { retry: true, retryAfterMs: LIMITED_MS },
  410100: { retry: true, retryAfterMs: LIMITED_MS },
  33001: { retry: true },
  [-1]: { retry: true },
})

/**
 * The signature of a request (open.dingtalk.com/document/robots/customize-robot-security-settings): the HMAC-SHA256 of
 * "timestamp\nsecret" under the secret, in base64 and encoded for an address. The timestamp, in ms, is taken for an hour.
 */
function signed(url: string, secret: string, now: number): string {
  if (secret === "") return url
  const sign = createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64")
  const target = new URL(url)
  target.searchParams.set("timestamp", String(now))
  target.searchParams.set("sign", sign)
  return target.href
}

function bodyOf(notification: Notification, source: string): string {
  const own = written(source, notification)
  const title = shorten(oneLine(notification.title), MAX_TITLE) || "Signalbox"
  return fitting(notification, { maxAlerts: MAX_ALERTS, maxBytes: MAX_BYTES }, (shown) =>
    JSON.stringify({
      msgtype: "markdown",
      markdown: { title, text: own === null ? textOf(shown) : shortenBytes(own.trim() || "-", MAX_OWN) },
      // Nothing that names a topic or a person calls anybody.
      at: { isAtAll: false },
    }),
  )
}

function textOf(shown: Shown): string {
  const more = moreOf(shown)
  return [
    `### ${part(shown.title)}`,
    ...shown.alerts.map(alertOf),
    ...(more ? [more] : []),
    ...(shown.link ? [markdownLink(shown.link)] : []),
  ].join("\n\n")
}

function alertOf(alert: ShownAlert): string {
  const { state, sentence, advice, since } = alert
  const facts = [part(factLine(alert)), `since ${since}`].filter((line) => line !== "").join(" · ")
  const links = alert.links.filter(({ url }) => url.length <= MAX_LINK).map(markdownLink)
  return [
    `**${part(state)}**: ${part(sentence)}`,
    ...(advice === "" ? [] : [part(advice)]),
    `> ${facts}`,
    ...(links.length === 0 ? [] : [links.join(" · ")]),
  ].join("\n\n")
}

const part = (text: string) => escaped(shorten(oneLine(text), MAX_PART))

const escaped = (text: string) => text.replace(/[\\`*_~{}[\]()#+!|<>@-]/g, "\\$&")
