import { z } from "zod"
import { address } from "../address.ts"
import type { Channel } from "../channel.ts"
import { fitting } from "../fit.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { factLine, type Link, moreOf, type Shown, type ShownAlert, shorten, type Tone } from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

/** A workflow takes messages of 28 kB: learn.microsoft.com/microsoftteams/limits-specifications-teams. */
const MAX_BYTES = 28_000
const MAX_ALERTS = 20
const MAX_TITLE = 300
const MAX_PART = 500
const MAX_ACTIONS = 6

const settings = z.strictObject({ url: address, template })

type Settings = z.output<typeof settings>

/** Adaptive Cards in a Microsoft Teams channel or chat, by a workflow. */
export const teams: Channel<Settings> = {
  kind: "teams",
  label: "Microsoft Teams",
  settings,
  fields: [
    {
      name: "url",
      label: "Workflow URL",
      help: 'In Teams: Workflows, "Send webhook alerts to a channel". Whoever knows the URL can post.',
      kind: "secret",
      placeholder: "https://….logic.azure.com/workflows/…",
    },
    templateField("the list of alerts, as text with Markdown's bold, lists and links"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, template }, notification) =>
    postJson({ url, body: bodyOf(notification, template), secrets: secretsOfUrl(url) }),
}

function bodyOf(notification: Notification, source: string): string {
  const own = written(source, notification)
  return fitting(notification, { maxAlerts: MAX_ALERTS, maxBytes: MAX_BYTES }, (shown) =>
    JSON.stringify(messageOf(shown, own)),
  )
}

function messageOf(shown: Shown, own: string | null) {
  const more = moreOf(shown)
  const links = shown.alerts.length === 1 ? (shown.alerts[0]?.links ?? []) : []
  const actions = [...links, ...(shown.link ? [shown.link] : [])].slice(0, MAX_ACTIONS)
  const body = [
    plain(shorten(shown.title, MAX_TITLE), {
      size: "Large",
      weight: "Bolder",
      color: STYLES[shown.tone].text,
    }),
    ...(own === null
      ? shown.alerts.map(containerOf)
      : [{ type: "TextBlock", text: own.trim() || "-", wrap: true }]),
    ...(more && own === null ? [plain(more, { isSubtle: true })] : []),
  ]
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body,
    ...(actions.length > 0 ? { actions: actions.map(actionOf) } : {}),
  }
  const contentType = "application/vnd.microsoft.card.adaptive"
  return { type: "message", attachments: [{ contentType, contentUrl: null, content: card }] }
}

function containerOf(alert: ShownAlert) {
  const { state, sentence, advice, since, tone } = alert
  const facts = shorten([factLine(alert), `since ${since}`].filter(Boolean).join(" · "), MAX_PART)
  return {
    type: "Container",
    style: STYLES[tone].container,
    items: [
      plain(shorten(`${state}: ${sentence}`, MAX_PART), { weight: "Bolder" }),
      ...(advice === "" ? [] : [plain(shorten(advice, MAX_PART))]),
      plain(facts, { isSubtle: true, size: "Small" }),
    ],
  }
}

/** A text run has no Markdown: names of topics stay what they are. */
function plain(text: string, look: Readonly<Record<string, unknown>> = {}) {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", text, ...look }] }
}

const actionOf = ({ label, url }: Link) => ({ type: "Action.OpenUrl", title: label, url })

/** The colours that cards have. */
const STYLES: Readonly<Record<Tone, { container: string; text: string }>> = {
  critical: { container: "attention", text: "Attention" },
  warning: { container: "warning", text: "Warning" },
  info: { container: "accent", text: "Accent" },
  resolved: { container: "good", text: "Good" },
}
