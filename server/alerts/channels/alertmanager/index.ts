import { z } from "zod"
import { text } from "#server/inputs.ts"
import { address, below } from "../address.ts"
import type { Channel } from "../channel.ts"
import { postJson } from "../http.ts"
import { latestOf, type NotifiedAlert } from "../notification.ts"
import { linkTo, shorten } from "../present.ts"

const MAX_CREDENTIAL = 500
const MAX_TEXT = 2000
/** In one request. */
const MAX_ALERTS = 50
/** Clients send what fires again each 30 s to 3 min: prometheus.io/docs/alerting/latest/clients. */
const KEEP_ALIVE_MS = 60_000
/** Without another word an alert ends then, ms: Prometheus too waits for four of its turns. */
const ENDS_AFTER_MS = 4 * KEEP_ALIVE_MS

const settings = z
  .strictObject({
    url: address,
    auth: z.enum(["none", "basic", "bearer"]).default("none"),
    username: text(MAX_CREDENTIAL).default(""),
    password: text(MAX_CREDENTIAL).default(""),
    token: text(MAX_CREDENTIAL).trim().default(""),
  })
  .refine(({ auth, token }) => auth !== "bearer" || /^[\x21-\x7e]+$/.test(token), {
    path: ["token"],
    message: "Enter the token.",
  })

type Settings = z.output<typeof settings>

/**
 * Alerts for a Prometheus Alertmanager, by its API v2. Alertmanager groups, silences and routes them by their labels, and
 * is the one that people acknowledge at.
 */
export const alertmanager: Channel<Settings> = {
  kind: "alertmanager",
  label: "Alertmanager",
  settings,
  fields: [
    {
      name: "url",
      label: "URL",
      help: "As Prometheus knows it, without /api/v2/alerts. Of a cluster add each member as a channel.",
      kind: "text",
      placeholder: "http://alertmanager:9093",
      receivesSecrets: true,
    },
    {
      name: "auth",
      label: "Sign-in",
      help: "Alertmanager itself has none unless its web configuration says so; a proxy in front of it may.",
      kind: "select",
      options: [
        { value: "none", label: "None" },
        { value: "basic", label: "User name and password" },
        { value: "bearer", label: "Bearer token" },
      ],
    },
    {
      name: "username",
      label: "User name",
      help: "Of basic authentication.",
      kind: "text",
      when: { field: "auth", is: ["basic"] },
    },
    {
      name: "password",
      label: "Password",
      help: "Of this user.",
      kind: "secret",
      when: { field: "auth", is: ["basic"] },
    },
    {
      name: "token",
      label: "Token",
      help: "Sent as Authorization: Bearer.",
      kind: "secret",
      when: { field: "auth", is: ["bearer"] },
    },
  ],
  tellsAcknowledged: false,
  everyAlert: MAX_ALERTS,
  keepAliveMs: KEEP_ALIVE_MS,
  send: (chosen, { alerts }) => {
    const now = Date.now()
    return postJson({
      url: below(chosen.url, "/api/v2/alerts"),
      headers: authorizationOf(chosen),
      body: JSON.stringify(latestOf(alerts).map((alert) => alertOf(alert, now))),
      secrets: [chosen.password, chosen.token, basicOf(chosen)],
    })
  },
}

const basicOf = ({ username, password }: Settings) =>
  Buffer.from(`${username}:${password}`).toString("base64")

function authorizationOf(chosen: Settings): Record<string, string> {
  if (chosen.auth === "none") return {}
  return {
    authorization: chosen.auth === "basic" ? `Basic ${basicOf(chosen)}` : `Bearer ${chosen.token}`,
  }
}

/** `postableAlert` of Alertmanager's api/v2/openapi.yaml. Its labels are its identity there. */
function alertOf(alert: NotifiedAlert, now: number) {
  const { sentence, advice, runbook, owner, value, url } = alert
  const annotations = {
    summary: sentence,
    description: advice,
    runbook_url: runbook,
    owner,
    value: value === null ? "" : String(value),
  }
  const isOver = alert.status === "resolved"
  const endsAt = isOver ? (alert.endsAt ?? alert.startsAt) : new Date(now + ENDS_AFTER_MS).toISOString()
  return {
    labels: labelsOf(alert),
    annotations: filled(annotations),
    startsAt: alert.startsAt,
    endsAt,
    ...(linkTo("", url) ? { generatorURL: url } : {}),
  }
}

function labelsOf({ labels, rule, severity }: NotifiedAlert) {
  const named = Object.entries({ alertname: rule, severity, ...labels }).map(([name, value]) => [
    name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/^(?=\d)/, "_"),
    value,
  ])
  return filled(Object.fromEntries(named))
}

/** Alertmanager takes UTF-8 only, and an empty text for one that is missing. */
function filled(all: Readonly<Record<string, string>>) {
  const entries = Object.entries(all).map(([name, value]) => [name, shorten(value.toWellFormed(), MAX_TEXT)])
  return Object.fromEntries(entries.filter(([, value]) => value !== ""))
}
