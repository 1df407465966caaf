/**
 * How far back every rate looks, in ms: short enough that a consumer that died shows within a minute, and long enough
 * for several samples. Where samples are rarer, the last three count.
 */
export const RATE_WINDOW_MS = 60_000
const MIN_SAMPLES = 3

/** Messages a second. */
export interface Rate {
  /** Null: there are no two known samples. */
  perSecond: number | null
  /** True: a part of it is not known, so that a sum of it is a lower bound. */
  partial: boolean
}

export const NO_RATE: Rate = { perSecond: null, partial: false }

/**
 * The one definition of a rate: how much an offset grew from known sample to known sample of the window, divided by how
 * long that took. What is unknown in between (NaN) is passed over, as in charts. Intervals in which the offset went back
 * (a reset, a truncated log) count neither as growth nor as time, and a partition without an offset (below zero) begins
 * with its second sample. `partial` as long as the last sample is unknown, or all before it are.
 */
export function rateOf(
  at: readonly number[],
  values: readonly number[],
  windowMs: number = RATE_WINDOW_MS,
): Rate {
  let grown = 0
  let elapsed = 0
  const last = at.length - 1
  let known = -1
  const first = firstIn(at, windowMs)
  for (let i = first; i <= last; i++) {
    const after = values[i] ?? Number.NaN
    if (Number.isNaN(after)) continue
    const before = values[known] ?? Number.NaN
    const ms = (at[i] ?? 0) - (at[known] ?? 0)
    // NaN and -1 fail this too, and so does a clock that was set back.
    if (before >= 0 && after >= before && ms > 0) {
      grown += after - before
      elapsed += ms
    }
    known = i
  }
  const isOnly = first < last && values.slice(first, last).every(Number.isNaN) && (values[last] ?? -1) >= 0
  const partial = Number.isNaN(values[last] ?? Number.NaN) || isOnly
  return { perSecond: elapsed > 0 ? (grown * 1000) / elapsed : null, partial }
}

/** The sum of rates of partitions, topics or groups: null when none is known, partial when one is not. */
export function addRates(rates: Iterable<Rate>): Rate {
  let perSecond: number | null = null
  let partial = false
  for (const rate of rates) {
    if (rate.perSecond !== null) perSecond = (perSecond ?? 0) + rate.perSecond
    partial ||= rate.partial
  }
  return { perSecond, partial }
}

/** Index of the first sample of the window. */
function firstIn(at: readonly number[], windowMs: number): number {
  const from = (at.at(-1) ?? 0) - windowMs
  let first = Math.max(0, at.length - MIN_SAMPLES)
  while (first > 0 && (at[first - 1] ?? 0) >= from) first -= 1
  return first
}
