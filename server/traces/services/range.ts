import { z } from "zod"
import { text, time } from "#server/inputs.ts"
import { HOUR_MS } from "../calls/hours.ts"

export const MINUTE_MS = 60_000
/** Of a longer range whole hours are looked at, which are added up already. */
const LONG_MS = 24 * HOUR_MS
/** A longer range is not looked at. */
const LONGEST_MS = 31 * 24 * HOUR_MS
const POINTS = 60

export const rangeInput = z.object({ from: time, to: time })
export const serviceInput = rangeInput.extend({ service: text(255) })

/** Whole minutes, of a range of more than a day whole hours, ms since the epoch; `to` is excluded. */
export interface Minutes {
  from: number
  to: number
  /** Minutes of one point of a chart, in ms. */
  step: number
  /** Of these, seconds that have passed: what a rate is divided by. */
  seconds: number
}

/** The whole minutes of a range, or hours of a long one, its last 31 days at most. `now`, ms: the minute that is running counts as far as it has run. */
export function minutesOf({ from, to }: { from: number; to: number }, now: number): Minutes {
  const unit = isLong({ from, to }) ? HOUR_MS : MINUTE_MS
  const end = Math.ceil(to / MINUTE_MS) * MINUTE_MS
  const start = Math.floor(Math.max(from, to - LONGEST_MS) / unit) * unit
  const step = Math.max(1, Math.ceil((end - start) / POINTS / unit)) * unit
  const seconds = Math.max(1000, Math.min(end, now) - start) / 1000
  return { from: start, to: end, step, seconds }
}

/** Whether hours are read in place of minutes; two minutes are for a day whose ends were rounded. */
export function isLong({ from, to }: { from: number; to: number }): boolean {
  return to - from > LONG_MS + 2 * MINUTE_MS
}

/** Where the point begins that a moment belongs to. */
export function pointOf(ms: number, { from, step }: Minutes): number {
  return from + Math.floor((ms - from) / step) * step
}

/** Every point of the range. */
export function points({ from, to, step }: Minutes): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
}
