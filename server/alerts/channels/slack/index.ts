import { z } from "zod"
import { address } from "../address.ts"
import type { Channel } from "../channel.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { COLOURS, factLine, moreOf, present, type ShownAlert, shorten } from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

// Limits of Block Kit: docs.slack.dev/reference/block-kit/blocks. A message has at most 50 blocks; an alert takes two.
const MAX_ALERTS = 20
const MAX_HEADER = 150
const MAX_TEXT = 3000
/** Of sentence and advice each, so that an alert fits into one text after it was escaped and linked. */
const MAX_PART = 400
const MAX_CONTEXT = 600

const settings = z.strictObject({ url: address, template })

type Settings = z.output<typeof settings>

/** Messages in a Slack channel, by an incoming webhook. */
export const slack: Channel<Settings> = {
  kind: "slack",
  label: "Slack",
  settings,
  fields: [
    {
      name: "url",
      label: "Webhook URL",
      help: "Of an incoming webhook: a Slack app, Incoming Webhooks, Add New Webhook. Whoever knows it can post.",
      kind: "secret",
      placeholder: "https://hooks.slack.com/services/…",
    },
    templateField("the list of alerts, in Slack's mrkdwn"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, template }, notification) =>
    postJson({ url, body: JSON.stringify(messageOf(notification, template)), secrets: secretsOfUrl(url) }),
}

const mrkdwn = (text: string) => ({ type: "mrkdwn", text: shorten(text, MAX_TEXT), verbatim: true })

function messageOf(notification: Notification, source: string) {
  const shown = present(notification, MAX_ALERTS)
  const own = written(source, notification)
  const more = moreOf(shown)
  const blocks = [
    { type: "header", text: { type: "plain_text", text: shorten(shown.title, MAX_HEADER) } },
    ...(own === null
      ? shown.alerts.flatMap(blocksOf)
      : [{ type: "section", text: mrkdwn(own.trim() || "-") }]),
    ...(more && own === null ? [{ type: "context", elements: [mrkdwn(more)] }] : []),
    ...(shown.link ? [{ type: "section", text: mrkdwn(linked(shown.link)) }] : []),
  ]
  // `text` is what notifications of the operating system and screen readers get.
  return {
    text: shorten(escaped(shown.title), MAX_TEXT),
    attachments: [{ color: `#${COLOURS[shown.tone]}`, blocks }],
  }
}

function blocksOf(alert: ShownAlert) {
  const { state, sentence, advice, since } = alert
  const lines = [
    `*${part(state)}*: ${part(sentence)}`,
    ...(advice === "" ? [] : [part(advice)]),
    // A link is left out rather than cut: half a link would be shown as text.
    ...alert.links.filter(({ url }) => url.length <= MAX_PART).map(linked),
  ]
  const facts = escaped(shorten(factLine(alert), MAX_CONTEXT))
  const time = Math.floor(Date.parse(since) / 1000)
  const when = `since <!date^${time}^{date_short_pretty} {time}|${since}>`
  return [
    { type: "section", text: mrkdwn(lines.join("\n")) },
    { type: "context", elements: [mrkdwn([facts, when].filter(Boolean).join(" · "))] },
  ]
}

const part = (text: string) => escaped(shorten(text, MAX_PART))

const linked = ({ label, url }: { label: string; url: string }) =>
  `<${escaped(url).replaceAll("|", "%7C")}|${escaped(label)}>`

/** What names topics or people cannot then mention anybody: docs.slack.dev/messaging/formatting-message-text. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
