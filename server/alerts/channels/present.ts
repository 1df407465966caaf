import type { Severity } from "../rule.ts"
import type { Notification, NotifiedAlert } from "./notification.ts"

/* What every service that people read shows alike: words, colours, what of an alert is told, and how it is cut. */

export type Tone = Severity | "resolved"

/** For bars and titles, as sRGB in hexadecimal digits. */
export const COLOURS: Readonly<Record<Tone, string>> = {
  critical: "d03b3b",
  warning: "d98a1e",
  info: "3b78d0",
  resolved: "2e9e5b",
}

export interface ShownAlert {
  tone: Tone
  /** "Critical", "Resolved", "Acknowledged by ada". */
  state: string
  sentence: string
  /** Empty when there is none, or when it is over. */
  advice: string
  /** What it concerns and who owns it, by name. */
  facts: readonly { name: string; value: string }[]
  /** ISO 8601. */
  since: string
  links: readonly Link[]
}

export interface Link {
  label: string
  url: string
}

/** A notification as people are shown it. */
export interface Shown {
  tone: Tone
  title: string
  alerts: readonly ShownAlert[]
  /** Alerts that found no place. */
  omitted: number
  /** Where all of them are looked at; null: no address is known. */
  link: Link | null
}

/** What people are shown of a notification, of at most so many alerts. */
export function present(notification: Notification, maxAlerts: number): Shown {
  const { title, kind, alerts } = notification
  return {
    tone: notification.status === "resolved" ? "resolved" : notification.severity,
    title: kind === "reminder" ? `Reminder: ${title}` : title,
    alerts: alerts.slice(0, maxAlerts).map(presentAlert),
    omitted: notification.omitted + Math.max(0, alerts.length - maxAlerts),
    link: linkTo("Open Signalbox", notification.url),
  }
}

/** "and 7 more alerts"; null: nothing was left out. */
export function moreOf({ omitted }: Shown): string | null {
  if (omitted === 0) return null
  return `and ${omitted} more ${omitted === 1 ? "alert" : "alerts"}`
}

/** Everything as lines without markup. */
export function plainText(shown: Shown): string {
  const more = moreOf(shown)
  return [
    shown.title,
    ...shown.alerts.flatMap((alert) => [
      "",
      `${alert.state}: ${alert.sentence}`,
      ...(alert.advice === "" ? [] : [alert.advice]),
      factLine(alert),
      `since ${alert.since}`,
      ...alert.links.map(({ label, url }) => `${label}: ${url}`),
    ]),
    ...(more ? ["", more] : []),
    ...(shown.link ? ["", `${shown.link.label}: ${shown.link.url}`] : []),
  ].join("\n")
}

/** "cluster: eu · group: billing" */
export function factLine({ facts }: ShownAlert): string {
  return facts.map(({ name, value }) => `${name}: ${value}`).join(" · ")
}

/** Cuts a text to at most `max` UTF-16 code units, never within a character. */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…`
}

/** Services refuse a whole message for one link that is none. */
export function linkTo(label: string, url: string): Link | null {
  return /^https?:\/\//.test(url) && URL.canParse(url) ? { label, url } : null
}

/** A link in Markdown. */
export function markdownLink({ label, url }: Link): string {
  return `[${label}](${url.replaceAll("(", "%28").replaceAll(")", "%29")})`
}

/** Said by the tone already, or by the sentence. */
const SAID = new Set(["alertname", "severity", "signal"])

function presentAlert(alert: NotifiedAlert): ShownAlert {
  const isOver = alert.status === "resolved"
  const labels = Object.entries(alert.labels).filter(([name, value]) => !SAID.has(name) && value !== "")
  const owner: [string, string][] = alert.owner === "" ? [] : [["owner", alert.owner]]
  const explains: [string, string][] =
    alert.explains.length === 0 ? [] : [["explains", alert.explains.map(explained).join(", ")]]
  const links = [linkTo("Open", alert.url), isOver ? null : linkTo("Runbook", alert.runbook)]
  return {
    tone: isOver ? "resolved" : alert.severity,
    state: stateOf(alert),
    sentence: alert.sentence,
    advice: isOver ? "" : alert.advice,
    facts: [...labels, ...owner, ...explains].map(([name, value]) => ({ name, value })),
    since: alert.startsAt,
    links: links.filter((link) => link !== null),
  }
}

/** "Under-replicated partitions (12)" */
function explained({ rule, alerts }: NotifiedAlert["explains"][number]): string {
  return `${rule} (${alerts})`
}

const WORDS: Readonly<Record<Severity, string>> = { critical: "Critical", warning: "Warning", info: "Info" }

function stateOf({ status, event, severity, acknowledgedBy }: NotifiedAlert): string {
  if (status === "resolved") return "Resolved"
  switch (event) {
    case "acknowledged":
      return `Acknowledged${acknowledgedBy === null ? "" : ` by ${acknowledgedBy}`}`
    case "unacknowledged":
      return `${WORDS[severity]}, no longer acknowledged`
    case "escalated":
      return `${WORDS[severity]}, nobody has acknowledged it`
    case "firing":
      return `${WORDS[severity]}, still firing`
    default:
      return WORDS[severity]
  }
}
