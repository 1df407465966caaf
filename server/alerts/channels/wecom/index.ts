import { z } from "zod"
import { address } from "../address.ts"
import { judgeByCode } from "../answer-code.ts"
import type { Channel } from "../channel.ts"
import { fitting, oneLine, shortenBytes } from "../fit.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import {
  factLine,
  markdownLink,
  moreOf,
  type Shown,
  type ShownAlert,
  shorten,
  type Tone,
} from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

// developer.work.weixin.qq.com/document/path/91770: a Markdown message has 4096 bytes; 20 messages a minute are taken.
const MAX_BYTES = 4096
const MAX_ALERTS = 20
const MAX_PART = 150
const MAX_LINK = 300
const LIMITED_MS = 60_000

const settings = z.strictObject({ url: address, template })

type Settings = z.output<typeof settings>

/** Markdown messages in a WeCom group, by a group robot. */
export const wecom: Channel<Settings> = {
  kind: "wecom",
  label: "WeCom",
  settings,
  fields: [
    {
      name: "url",
      label: "Webhook URL",
      help: "Of a group robot, with its key. Whoever knows it can post.",
      kind: "secret",
      placeholder: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    },
    templateField("the list of alerts, in WeCom's Markdown"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, template }, notification) =>
    postJson({
      url,
      body: JSON.stringify({ msgtype: "markdown", markdown: { content: contentOf(notification, template) } }),
      secrets: secretsOfUrl(url),
      judge,
    }),
}

/** developer.work.weixin.qq.com/document/path/90313: 45009 and 45033 are limits of frequency, -1 is a busy system. */
const judge = judgeByCode("errcode", {
  45009: { retry: true, retryAfterMs: LIMITED_MS },
  45033: { retry: true, retryAfterMs: LIMITED_MS },
  [-1]: { retry: true },
})

function contentOf(notification: Notification, source: string): string {
  const own = written(source, notification)
  if (own !== null) return shortenBytes(own.trim() || "-", MAX_BYTES)
  const text = fitting(notification, { maxAlerts: MAX_ALERTS, maxBytes: MAX_BYTES }, textOf)
  return shortenBytes(text, MAX_BYTES)
}

/** Its Markdown knows three colours. */
const FONTS: Readonly<Record<Tone, string>> = {
  critical: "warning",
  warning: "warning",
  info: "comment",
  resolved: "info",
}

function textOf(shown: Shown): string {
  const more = moreOf(shown)
  return [
    `**${part(shown.title)}**`,
    ...shown.alerts.map(alertOf),
    ...(more ? [more] : []),
    ...(shown.link ? [markdownLink(shown.link)] : []),
  ].join("\n")
}

function alertOf(alert: ShownAlert): string {
  const { state, sentence, advice, since, tone } = alert
  const facts = [part(factLine(alert)), `since ${since}`].filter((line) => line !== "").join(" · ")
  const links = alert.links.filter(({ url }) => url.length <= MAX_LINK).map(markdownLink)
  return [
    `<font color="${FONTS[tone]}">${part(state)}</font>: ${part(sentence)}`,
    ...(advice === "" ? [] : [`>${part(advice)}`]),
    `><font color="comment">${facts}</font>`,
    ...(links.length === 0 ? [] : [`>${links.join(" · ")}`]),
  ].join("\n")
}

const part = (text: string) => plain(shorten(oneLine(text), MAX_PART))

/** There is no way to escape: what would be markup, or `<@user>`, is shown by its full-width twin. */
const WIDE = new Map(
  [..."<>[]()*`#_~|\\"].map((sign) => [sign, String.fromCharCode(sign.charCodeAt(0) + 0xfee0)]),
)

const plain = (text: string) => text.replace(/[<>[\]()*`#_~|\\]/g, (sign) => WIDE.get(sign) ?? sign)
