import type { Zone } from "../zone.ts"
import { partsOf, readExpression } from "./expression.ts"

/** A range as the address has it: two expressions. */
export interface RangeText {
  from: string
  to: string
}

export interface Range {
  from: number
  to: number
  /** Whether it ends now, and so moves. */
  moving: boolean
  /** Whether nobody chose it: then it shows no more than the history there is. */
  isDefault: boolean
  /** Why it shows nothing, or not what its URL says. */
  problem: RangeProblem | null
}

export type RangeProblem = { kind: "reversed" } | { kind: "invalid"; text: string }

export const DEFAULT_RANGE: RangeText = { from: "now-1h", to: "now" }
const HOUR_MS = 3_600_000

/** Those that most ask for, with what else people call them. */
export const QUICK_RANGES: readonly (RangeText & { label: string })[] = [
  { from: "now-5m", to: "now", label: "Last 5 minutes" },
  { from: "now-15m", to: "now", label: "Last 15 minutes" },
  { from: "now-30m", to: "now", label: "Last 30 minutes" },
  { from: "now-1h", to: "now", label: "Last 1 hour" },
  { from: "now-3h", to: "now", label: "Last 3 hours" },
  { from: "now-6h", to: "now", label: "Last 6 hours" },
  { from: "now-12h", to: "now", label: "Last 12 hours" },
  { from: "now-24h", to: "now", label: "Last 24 hours" },
  { from: "now-2d", to: "now", label: "Last 2 days" },
  { from: "now-7d", to: "now", label: "Last 7 days" },
  { from: "now-30d", to: "now", label: "Last 30 days" },
  { from: "now-90d", to: "now", label: "Last 90 days" },
  { from: "today", to: "now", label: "Today so far" },
  { from: "yesterday", to: "yesterday", label: "Yesterday" },
  { from: "now/w", to: "now", label: "This week so far" },
  { from: "now-1w/w", to: "now-1w/w", label: "Previous week" },
  { from: "now/M", to: "now", label: "This month so far" },
]

/** Reads a range from its two texts; what is no time gives the last hour, and says so. */
export function readRange(text: RangeText, on: { now: number; zone: Zone }): Range {
  const { now } = on
  const isDefault = text.from === DEFAULT_RANGE.from && text.to === DEFAULT_RANGE.to
  const from = readExpression(text.from, { ...on, end: "from" })
  const to = readExpression(text.to, { ...on, end: "to" })
  if (from === null || to === null) {
    const problem = { kind: "invalid", text: from === null ? text.from : text.to } as const
    return { from: now - HOUR_MS, to: now, moving: true, isDefault, problem }
  }
  const problem = from.at < to.at ? null : ({ kind: "reversed" } as const)
  return { from: from.at, to: to.at, moving: to.moves, isDefault, problem }
}

/** A range in words: "Last 6 hours", "Yesterday", "26 Nov 09:00 – 10:30". */
export function describeRange(text: RangeText, on: { now: number; zone: Zone }): string {
  const quick = QUICK_RANGES.find((one) => one.from === text.from && one.to === text.to)
  if (quick) return quick.label
  const last = /^now-(\d+)([smhdw])$/.exec(text.from)
  if (last && text.to === "now") return `Last ${amountOf(Number(last[1]), last[2] ?? "")}`
  const range = readRange(text, on)
  const [from, to] = [stamp(range.from, on), text.to === "now" ? "now" : stamp(range.to, on)]
  const sameDay = to.startsWith(from.slice(0, from.lastIndexOf(" ")))
  return `${from} – ${sameDay ? to.slice(to.lastIndexOf(" ") + 1) : to}`
}

const NAMES: Readonly<Record<string, string>> = { s: "second", m: "minute", h: "hour", d: "day", w: "week" }

function amountOf(amount: number, unit: string): string {
  return `${amount} ${NAMES[unit] ?? ""}${amount === 1 ? "" : "s"}`
}

/** A moment as one may type it: "2026-11-26 09:00:30"; seconds only where it has some. */
export function written(ms: number, zone: Zone): string {
  const [year = 0, ...rest] = partsOf(zone, ms)
  const [month, day, hour, minute, second] = rest.map((part) => String(part).padStart(2, "0"))
  const seconds = second === "00" ? "" : `:${second}`
  return `${String(year).padStart(4, "0")}-${month}-${day} ${hour}:${minute}${seconds}`
}

/** Without the year where it is this one. */
function stamp(ms: number, { now, zone }: { now: number; zone: Zone }): string {
  const text = written(ms, zone)
  return text.startsWith(written(now, zone).slice(0, 5)) ? text.slice(5) : text
}

/** Half of the range earlier (-1) or later (1), but no later than now. */
export function shifted(range: { from: number; to: number }, direction: -1 | 1, now: number) {
  const by = ((range.to - range.from) / 2) * direction
  return notAfter({ from: range.from + by, to: range.to + by }, now)
}

/** Twice as long around its middle, but no later than now. */
export function zoomedOut(range: { from: number; to: number }, now: number): { from: number; to: number } {
  const half = (range.to - range.from) / 2
  return notAfter({ from: range.from - half, to: range.to + half }, now)
}

/** As long as it is, ending now if it would end later. */
function notAfter(range: { from: number; to: number }, now: number): { from: number; to: number } {
  const over = Math.max(0, range.to - now)
  return { from: range.from - over, to: range.to - over }
}
