import { z } from "zod"
import { text, time } from "#server/inputs.ts"

export const MINUTE_MS = 60_000
/** A longer range is not looked at: it would read more minutes than a page can wait for. */
const LONGEST_MS = 24 * 60 * MINUTE_MS
const POINTS = 60

export const rangeInput = z.object({ from: time, to: time })
export const serviceInput = rangeInput.extend({ service: text(255) })

/** Whole minutes, ms since the epoch; `to` is excluded. */
export interface Minutes {
  from: number
  to: number
  /** Minutes of one point of a chart, in ms. */
  step: number
  /** Of these, seconds that have passed: what a rate is divided by. */
  seconds: number
}

/** The whole minutes of a range, its last day at most. `now`, ms: the minute that is running counts as far as it has run. */
export function minutesOf({ from, to }: { from: number; to: number }, now: number): Minutes {
  const end = Math.ceil(to / MINUTE_MS) * MINUTE_MS
  const start = Math.floor(Math.max(from, to - LONGEST_MS) / MINUTE_MS) * MINUTE_MS
  const step = Math.max(1, Math.ceil((end - start) / POINTS / MINUTE_MS)) * MINUTE_MS
  const seconds = Math.max(1000, Math.min(end, now) - start) / 1000
  return { from: start, to: end, step, seconds }
}

/** Where the point begins that a moment belongs to. */
export function pointOf(ms: number, { from, step }: Minutes): number {
  return from + Math.floor((ms - from) / step) * step
}

/** Every point of the range. */
export function points({ from, to, step }: Minutes): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)
}
