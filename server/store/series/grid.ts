import type { Store } from "../store.ts"
import { indexAt } from "./index-at.ts"
import { firstSweep, levelFor, readSweeps, type Span } from "./read.ts"
import { LEVEL_MS, type Level } from "./tables.ts"

export interface ChartRange {
  clusterId: number
  /** ms between two sweeps of the cluster. */
  intervalMs: number
  from: number
  to: number
  /** Points the chart can show. */
  points: number
}

/** The buckets of a chart, and the sweep that each of them is read from. */
export interface Grid {
  span: Span
  level: Level
  /** ms between two samples at this level. */
  resolutionMs: number
  /** Ends of the buckets, in time order; none lies after the last sweep. */
  at: number[]
  /** Last sweep within each bucket; null: there was none, so nothing is known of it. */
  sampledAt: (number | null)[]
  /** The sweep that each bucket's growth is counted from: the last of the bucket before it, or of the one before that. */
  since: (number | null)[]
  /** All sweeps of the range at this level, and those just before it. */
  sweeps: number[]
  /** First sweep of the cluster that is still stored; null: none at all. */
  begins: number | null
}

/**
 * Lays the buckets of a chart over the part of a range that has history. The step is chosen for that part, so a range of
 * 30 days shows an hour-old installation as finely as a range of an hour.
 */
export async function openGrid(store: Store, range: ChartRange): Promise<Grid> {
  const begins = await firstSweep(store, range.clusterId)
  const from = Math.max(range.from, begins ?? range.from)
  const now = Date.now()
  const wanted = stepFor({ ...range, from }, range.intervalMs)
  const level = levelFor({ from, stepMs: wanted }, { now, keep: store.keep })
  const resolutionMs = Math.max(range.intervalMs, LEVEL_MS[level])
  const stepMs = stepFor({ ...range, from }, resolutionMs)
  const span = { clusterId: range.clusterId, from, to: Math.min(range.to, now), stepMs, level }
  const sweeps = await readSweeps(store, span)
  const last = sweeps.at(-1)
  const at = last === undefined || last < from ? [] : bucketsOf({ from, to: last, stepMs })
  const sampledAt = at.map((moment) => sweepWithin(sweeps, moment, stepMs))
  const before = [2, 1].map((steps) => sweepWithin(sweeps, (at[0] ?? 0) - steps * stepMs, stepMs))
  const since = at.map((_, i) => {
    const earlier = [...before, ...sampledAt.slice(Math.max(0, i - 2), i)]
    return earlier.at(-1) ?? earlier.at(-2) ?? null
  })
  return { span, level, resolutionMs, at, sampledAt, since, sweeps, begins }
}

/** What an answer over time says of its buckets. */
export function gridFacts({ at, span, resolutionMs, begins }: Grid) {
  return { at, stepMs: span.stepMs, resolutionMs, begins }
}

/**
 * The step that gives about `points` points at most: never finer than the samples, and a multiple of their distance, so
 * that every step holds the same number of samples.
 */
export function stepFor(range: { from: number; to: number; points: number }, sampleMs: number): number {
  const wanted = Math.max(sampleMs, (range.to - range.from) / range.points)
  const nice = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200].map(
    (s) => s * 1000,
  )
  const fitting = nice.find((step) => step >= wanted && step % sampleMs === 0)
  return fitting ?? Math.ceil(wanted / sampleMs) * sampleMs
}

/** Ends of the buckets of a range: multiples of the step, and last the range's own end, where it lies between two. */
export function bucketsOf(range: { from: number; to: number; stepMs: number }): number[] {
  const first = Math.ceil(range.from / range.stepMs)
  const count = Math.max(0, Math.floor(range.to / range.stepMs) - first + 1)
  const whole = Array.from({ length: count }, (_, i) => (first + i) * range.stepMs)
  return range.to > (whole.at(-1) ?? range.from - 1) ? [...whole, range.to] : whole
}

function sweepWithin(sweeps: readonly number[], moment: number, stepMs: number): number | null {
  const last = sweeps[indexAt(sweeps, moment)]
  return last !== undefined && last > moment - stepMs ? last : null
}
