import { z } from "zod"
import { address } from "../address.ts"
import type { Channel } from "../channel.ts"
import { type Judge, postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { COLOURS, factLine, moreOf, present, type ShownAlert, shorten } from "../present.ts"
import { secretsOfUrl } from "../secrets.ts"
import { template, templateField, written } from "../template-field.ts"

// Limits of embeds: discord.com/developers/docs/resources/message#embed-object-embed-limits
const MAX_EMBEDS = 10
const MAX_DESCRIPTION = 4096
const MAX_CONTENT = 2000
/** All titles, descriptions and footers of one message together have 6000 characters: 10 × (200 + 380). */
const MAX_PART = 200
const MAX_SHORT_DESCRIPTION = 380

const settings = z.strictObject({ url: address, template })

type Settings = z.output<typeof settings>

/** Messages in a Discord channel, by a webhook. */
export const discord: Channel<Settings> = {
  kind: "discord",
  label: "Discord",
  settings,
  fields: [
    {
      name: "url",
      label: "Webhook URL",
      help: "Server settings, Integrations, Webhooks, Copy webhook URL. Whoever knows it can post.",
      kind: "secret",
      placeholder: "https://discord.com/api/webhooks/…",
    },
    templateField("the list of alerts, in Discord's Markdown"),
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: ({ url, template }, notification) =>
    postJson({
      url,
      body: JSON.stringify(messageOf(notification, template)),
      secrets: secretsOfUrl(url),
      judge: readRateLimit,
    }),
}

function messageOf(notification: Notification, source: string) {
  const shown = present(notification, MAX_EMBEDS)
  const own = written(source, notification)
  const content = [shown.title, moreOf(shown), shown.link?.url].filter((line) => line != null)
  const embeds =
    own === null
      ? shown.alerts.map(embedOf)
      : [{ description: shorten(own.trim() || "-", MAX_DESCRIPTION), color: colour(shown.tone) }]
  return {
    content: shorten(
      content.map((line) => (line === shown.link?.url ? line : escaped(line))).join("\n"),
      MAX_CONTENT,
    ),
    embeds,
    // Nothing that names a topic or a person calls anybody.
    allowed_mentions: { parse: [] },
  }
}

function embedOf(alert: ShownAlert) {
  const { state, sentence, advice, links, tone, since } = alert
  const [open] = links
  const runbook = links.find(({ label }) => label === "Runbook")
  const described = [escaped(sentence), escaped(advice), escaped(factLine(alert))].filter(
    (line) => line !== "",
  )
  const link = runbook && runbook.url.length < MAX_PART ? `\n[Runbook](${runbook.url})` : ""
  return {
    title: shorten(state, MAX_PART),
    description: shorten(described.join("\n"), MAX_SHORT_DESCRIPTION - link.length) + link,
    color: colour(tone),
    timestamp: since,
    ...(open && open !== runbook ? { url: open.url } : {}),
  }
}

const colour = (tone: keyof typeof COLOURS) => Number.parseInt(COLOURS[tone], 16)

const escaped = (text: string) => text.replace(/[\\*_~`|>#[\]()@:<-]/g, "\\$&")

const limited = z.object({ retry_after: z.number().min(0) })

/** Discord says in the body, in seconds and more precisely than in its header, when to ask again. */
const readRateLimit: Judge = ({ status, body }) => {
  if (status !== 429) return null
  try {
    return { retry: true, retryAfterMs: Math.ceil(limited.parse(JSON.parse(body)).retry_after * 1000) }
  } catch {
    // A proxy in between limits too, and has no JSON: its header counts.
    return null
  }
}
