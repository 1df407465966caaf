import { z } from "zod"
import { type Labels, type Matcher, matches } from "../matcher.ts"

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440

/** Whether the machine knows a time zone by this name. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

/** A maintenance window that comes back every week, by the wall clock of a time zone. */
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
  if (now < silence.startsAt || (silence.endsAt !== null && now >= silence.endsAt)) return false
  return silence.recurrence === null || isWithin(silence.recurrence, now)
}

/** Offsets of time zones are multiples of this. */
const QUARTER_MS = 15 * MINUTE_MS

/** When a silence holds, within a span. A weekly window lasts its minutes, also in the night in which clocks are changed. */
export function spansWithin(
  { startsAt, endsAt, recurrence }: Pick<Silence, "startsAt" | "endsAt" | "recurrence">,
  span: { from: number; to: number },
): { from: number; to: number }[] {
  const [from, to] = [Math.max(startsAt, span.from), Math.min(endsAt ?? span.to, span.to)]
  if (from >= to) return []
  if (recurrence === null) return [{ from, to }]
  const { timeZone, days, start, minutes } = recurrence
  const [hour = 0, minute = 0] = start.split(":").map(Number)
  const lengthMs = minutes * MINUTE_MS
  const phase = (minute % 15) * MINUTE_MS
  const wallAt = wallClockOf(timeZone)
  const spans: { from: number; to: number }[] = []
  const first = Math.floor((from - lengthMs - phase) / QUARTER_MS) * QUARTER_MS + phase
  for (let at = first; at < to; at += QUARTER_MS) {
    const wall = wallAt(at)
    if (wall.minutes !== hour * 60 + minute || !days.includes(wall.day)) continue
    const one = { from: Math.max(at, from), to: Math.min(at + lengthMs, to) }
    if (one.from < one.to) spans.push(one)
  }
  return spans
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
  return all.find((one) => isActive(one, now) && covers(one, labels)) ?? null
}

function isWithin({ timeZone, days, start, minutes }: Recurrence, now: number): boolean {
  const [hour = 0, minute = 0] = start.split(":").map(Number)
  const wall = wallClockOf(timeZone)(now)
  // A window may have begun up to its own length ago: on any of these days.
  for (let back = 0; back <= Math.ceil(minutes / DAY_MINUTES); back++) {
    const since = back * DAY_MINUTES + wall.minutes - (hour * 60 + minute)
    if (days.includes((wall.day - back + 14) % 7) && since >= 0 && since < minutes) return true
  }
  return false
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

/** A clock of a time zone: the day of the week and the minutes since midnight at a moment. */
function wallClockOf(timeZone: string): (now: number) => { day: number; minutes: number } {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  return (now) => {
    const parts = format.formatToParts(Math.floor(now / MINUTE_MS) * MINUTE_MS)
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ""
    return { day: WEEKDAYS.indexOf(of("weekday")), minutes: Number(of("hour")) * 60 + Number(of("minute")) }
  }
}
