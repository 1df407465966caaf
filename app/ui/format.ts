import { shortSpan } from "#server/durations.ts"
import { isMoment, parseMoment } from "#server/moment.ts"
import { inZone, shownZone } from "./zone.ts"

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 })
const small = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 })

/** What stands for a number that is not known. */
export const UNKNOWN = "–"

/** 12,345; above a million 1.2 M. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  if (Math.abs(value) >= 1e9) return `${short.format(value / 1e9)} G`
  return Math.abs(value) >= 1e6 ? `${short.format(value / 1e6)} M` : grouped.format(value)
}

/** Every digit, for what must be told apart: offsets. */
export function exact(value: number): string {
  // Beyond 2^53 the last digits would be invented.
  return value > Number.MAX_SAFE_INTEGER
    ? `> ${grouped.format(Number.MAX_SAFE_INTEGER)}`
    : grouped.format(value)
}

/** Messages a second. A message in a minute is not none: 0.017/s. */
export function rate(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  if (value >= 100 || value === 0) return `${count(Math.round(value))}/s`
  return `${(Math.abs(value) < 1 ? small : short).format(value)}/s`
}

/** A duration of ms: "12 m 4 s", "3 h 10 m", "2 d". */
export function duration(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? UNKNOWN : shortSpan(ms)
}

/** Beyond this a forecast from a few minutes of rates says nothing more. */
const FAR_MS = 60 * 86_400_000

/** How long a call took, from nanoseconds up: "340 µs", "12.5 ms", "1.2 s". */
export function latency(ms: number): string {
  if (ms < 1) return `${short.format(ms * 1000)} µs`
  return ms < 1000 ? `${short.format(ms)} ms` : `${short.format(ms / 1000)} s`
}

/** A time to come: a duration, "never", or unknown. */
export function forecast(value: number | "never" | null | undefined): string {
  if (value === "never") return "never"
  if (value === 0) return "now"
  return typeof value === "number" && value > FAR_MS ? "> 60 d" : duration(value)
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  const units = ["B", "kB", "MB", "GB", "TB"]
  let size = value
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${short.format(size)} ${units[unit]}`
}

/** A share of one: 12.5%. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : `${short.format(value * 100)}%`
}

/** A number of no unit: 12,345.6. */
export function plain(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN
  return Math.abs(value) >= 1e6 ? count(value) : short.format(value)
}

/** A moment in the chosen zone, by the clock of 24 hours as in the charts. */
export function moment(ms: number): string {
  return new Date(ms).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "medium",
    hourCycle: "h23",
    ...inZone(),
  })
}

/** A moment in the chosen zone to the millisecond: of today the time alone. */
export function instant(ms: number): string {
  const at = new Date(ms)
  const zone = inZone()
  const dayOf = (date: Date) => date.toLocaleDateString(undefined, { dateStyle: "medium", ...zone })
  const time = at.toLocaleTimeString(undefined, { timeStyle: "medium", hourCycle: "h23", ...zone })
  const today = dayOf(at) === dayOf(new Date())
  return `${today ? "" : `${dayOf(at)}, `}${time}.${String(at.getMilliseconds()).padStart(3, "0")}`
}

/** The same moment for the tooltip: UTC and epoch. */
export function exactMoment(ms: number): string {
  return isMoment(ms) ? `${new Date(ms).toISOString()} · ${ms}` : `out of range · ${ms}`
}

/** ISO 8601 in UTC as a date-time field wants it, in the chosen zone: to the second. Empty: it is no moment with a date. */
export function toLocal(iso: string | null): string {
  const at = parseMoment(iso)
  if (at === null) return ""
  const ahead = shownZone() === "utc" ? 0 : new Date(at).getTimezoneOffset()
  const local = at - ahead * 60_000
  return isMoment(local) ? new Date(local).toISOString().slice(0, 19) : ""
}

/** The other way round; null: it is no moment with a date. */
export function fromLocal(local: string): string | null {
  const at = new Date(shownZone() === "utc" ? `${local}Z` : local).getTime()
  return isMoment(at) ? new Date(at).toISOString() : null
}

export function plural(amount: number, one: string, many: string): string {
  return `${count(amount)} ${amount === 1 ? one : many}`
}
