import { z } from "zod"
import { text } from "#server/inputs.ts"
import type { Severity } from "../../rule.ts"
import { address, below } from "../address.ts"
import type { Channel } from "../channel.ts"
import { postJson } from "../http.ts"
import { type IncidentAct, incidentActs, incidentKey, sendEach } from "../incidents.ts"
import type { NotifiedAlert } from "../notification.ts"
import { linkTo, shorten } from "../present.ts"

// Fields and limits: docs.opsgenie.com/docs/alert-api; answers: docs.opsgenie.com/docs/response.
const MAX_MESSAGE = 130
const MAX_DESCRIPTION = 15_000
const MAX_ENTITY = 512
const MAX_USER = 100
/** All details together have at most 8000 characters: 20 × (63 + 300) and two links. */
const MAX_DETAILS = 20
const MAX_DETAIL = 300
/** One request each. */
const MAX_ALERTS = 20

const settings = z.strictObject({
  url: address.default("https://api.opsgenie.com"),
  key: text(200)
    .trim()
    .regex(/^[\x21-\x7e]{8,}$/, "Enter the key of an API integration."),
})

type Settings = z.output<typeof settings>

/** One alert of Opsgenie, or of a service with its Alert API, for each alert. */
export const opsgenie: Channel<Settings> = {
  kind: "opsgenie",
  label: "Opsgenie",
  settings,
  fields: [
    {
      name: "key",
      label: "API key",
      help: "Of an API integration of the team, with the right to create and update alerts.",
      kind: "secret",
    },
    {
      name: "url",
      label: "Base URL",
      help: "EU accounts: https://api.eu.opsgenie.com. Jira Service Management: https://api.atlassian.com/jsm/ops/integration.",
      kind: "text",
      initial: "https://api.opsgenie.com",
      receivesSecrets: true,
    },
  ],
  tellsAcknowledged: true,
  everyAlert: MAX_ALERTS,
  keepAliveMs: null,
  send: ({ url, key }, notification) =>
    sendEach(incidentActs(notification), (act) =>
      postJson({
        url: below(url, `/v2/alerts${pathOf(act)}`),
        headers: { authorization: `GenieKey ${key}` },
        body: JSON.stringify(bodyOf(act)),
        secrets: [key],
      }),
    ),
}

function pathOf({ do: what, alert }: IncidentAct): string {
  return what === "open" ? "" : `/${encodeURIComponent(incidentKey(alert))}/${what}?identifierType=alias`
}

function bodyOf({ do: what, alert }: IncidentAct) {
  const source = "Signalbox"
  if (what === "open") return alertOf(alert, source)
  const user = what === "acknowledge" ? alert.acknowledgedBy : null
  return { source, ...(user === null ? {} : { user: shorten(user, MAX_USER) }) }
}

function alertOf(alert: NotifiedAlert, source: string) {
  const { sentence, advice, labels, rule, owner } = alert
  const entity = labels.group ?? labels.destination ?? labels.node ?? labels.cluster ?? ""
  const links = [linkTo("url", alert.url), linkTo("runbook", alert.runbook)]
  const details = [
    ...links.flatMap((link) => (link && link.url.length <= MAX_DETAIL ? [[link.label, link.url]] : [])),
    ...(owner === "" ? [] : [["owner", owner]]),
    ...Object.entries(labels).filter(([, value]) => value !== ""),
  ].slice(0, MAX_DETAILS)
  const described = [sentence, advice, ...links.flatMap((link) => link?.url ?? [])]
  return {
    message: shorten(sentence.trim(), MAX_MESSAGE) || rule,
    alias: incidentKey(alert),
    description: shorten(described.filter((line) => line !== "").join("\n"), MAX_DESCRIPTION),
    priority: priorityOf(alert),
    entity: shorten(entity, MAX_ENTITY),
    source,
    details: Object.fromEntries(details.map(([name = "", value = ""]) => [name, shorten(value, MAX_DETAIL)])),
  }
}

const PRIORITIES: Readonly<Record<Severity, string>> = { critical: "P1", warning: "P3", info: "P5" }

/** A rule may say it itself, by its label `priority`. */
function priorityOf({ labels, severity }: NotifiedAlert): string {
  const chosen = labels.priority?.toUpperCase() ?? ""
  return /^P[1-5]$/.test(chosen) ? chosen : PRIORITIES[severity]
}
