import { z } from "zod"
import { type Labels, type Matcher, matches } from "../matcher.ts"

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440
const DAY_MS = DAY_MINUTES * MINUTE_MS

/** Whether the machine knows a time zone by this name. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

/** A maintenance window that comes back every week: it begins by the clocks of a time zone, and lasts its minutes. */
export const recurrence = z.strictObject({
  timeZone: z.string().max(60).refine(isTimeZone, "Name a time zone like Europe/Berlin."),
  /** 0 is Sunday. */
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
  /** HH:MM. */
  start: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "A time of day is written like 22:30."),
  minutes: z
    .number()
    .int()
    .min(1)
    .max(7 * DAY_MINUTES),
})

export type Recurrence = z.output<typeof recurrence>

/** What is not told while it lasts. Times in ms. */
export interface Silence {
  id: string
  matchers: readonly Matcher[]
  startsAt: number
  /** null: until somebody ends it. */
  endsAt: number | null
  recurrence: Recurrence | null
  /** Slugs of the clusters it may silence; empty: all. */
  clusters: readonly string[]
}

/** Whether a silence holds at a moment. */
export function isActive(silence: Pick<Silence, "startsAt" | "endsAt" | "recurrence">, now: number): boolean {
  return spansWithin(silence, { from: now, to: now + 1 }).length > 0
}

/** When a silence holds, within a span. A weekly window lasts its minutes, also in the night in which clocks are changed. */
export function spansWithin(
  { startsAt, endsAt, recurrence }: Pick<Silence, "startsAt" | "endsAt" | "recurrence">,
  span: { from: number; to: number },
): { from: number; to: number }[] {
  const [from, to] = [Math.max(startsAt, span.from), Math.min(endsAt ?? span.to, span.to)]
  if (from >= to) return []
  if (recurrence === null) return [{ from, to }]
  const lengthMs = recurrence.minutes * MINUTE_MS
  return beginsOf(recurrence, { from, to, lengthMs }).map((at) => ({
    from: Math.max(at, from),
    to: Math.min(at + lengthMs, to),
  }))
}

/** Whether a silence is about an alert with these labels, whenever it holds. */
export function covers({ clusters, matchers }: Silence, labels: Labels): boolean {
  return (clusters.length === 0 || clusters.includes(labels.cluster ?? "")) && matches(matchers, labels)
}

/** The silence that holds for an alert; null: none. */
export function silenceOf<Kept extends Silence>(
  all: readonly Kept[],
  labels: Labels,
  now: number,
): Kept | null {
  return all.find((one) => covers(one, labels) && isActive(one, now)) ?? null
}

/** When the windows begin that hold at any moment of a span, in order of time. */
function beginsOf(
  { timeZone, days, start }: Recurrence,
  { from, to, lengthMs }: { from: number; to: number; lengthMs: number },
): number[] {
  const [hour = 0, minute = 0] = start.split(":").map(Number)
  const begins: number[] = []
  // Days of the zone's calendar: they begin up to a day before and after those of UTC.
  const [first, last] = [Math.floor((from - lengthMs) / DAY_MS) - 1, Math.floor(to / DAY_MS) + 1]
  for (let day = first; day <= last; day++) {
    if (!days.includes(new Date(day * DAY_MS).getUTCDay())) continue
    const at = momentOf(timeZone, day * DAY_MS + (hour * 60 + minute) * MINUTE_MS)
    if (at < to && at + lengthMs > from) begins.push(at)
  }
  return begins
}

/**
 * The moment at which clocks of a zone show a time (ms, as if the zone were UTC). Where they show it twice it is the first
 * time; where they skip it, as much later as they skip: as calendars do (RFC 5545, 3.3.5).
 */
function momentOf(timeZone: string, wall: number): number {
  const [before, after] = [wall - offsetOf(timeZone, wall - DAY_MS), wall - offsetOf(timeZone, wall + DAY_MS)]
  const shows = (at: number) => at + offsetOf(timeZone, at) === wall
  return shows(before) || !shows(after) ? before : after
}

/** How far ahead of UTC the clocks of a zone are at a moment, ms. */
function offsetOf(timeZone: string, at: number): number {
  const second = Math.floor(at / 1000) * 1000
  const parts = clockOf(timeZone).formatToParts(second)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - second
}

/** A format takes long to make, and there are no more zones than the machine knows. */
const clocks = new Map<string, Intl.DateTimeFormat>()

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone)
  if (known) return known
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  })
  clocks.set(timeZone, clock)
  return clock
}
