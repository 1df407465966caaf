import type { GroupSeries, Pair } from "./group-series.ts"

/** Points that the trend is taken from. */
const MAX_POINTS = 12
/** Share of the shown history that the forecast reaches ahead. */
const SHARE = 0.1

export interface TrendPoint {
  at: number
  lag: number
}

/**
 * The lag of the last points, continued along their trend for a tenth of what is shown; never below nothing, and never
 * above what retention lets the logs keep. Empty where the trend is unknown or nothing is unread.
 */
export function lagAhead(series: GroupSeries, lag: readonly (number | null)[]): TrendPoint[] {
  const { at, span } = series.grid
  const last = at.at(-1)
  const now = lag.at(-1)
  if (last === undefined || typeof now !== "number" || now === 0) return []
  const perMs = trendOf(
    at.slice(-MAX_POINTS).flatMap((moment, i) => {
      const value = lag.slice(-MAX_POINTS)[i]
      return typeof value === "number" ? [{ at: moment, lag: value }] : []
    }),
  )
  if (perMs === null) return []
  const most = Math.max(now, mostKept(series))
  const steps = Math.ceil(at.length * SHARE)
  return Array.from({ length: steps + 1 }, (_, i) => {
    const ahead = i * span.stepMs
    return { at: last + ahead, lag: Math.min(most, Math.max(0, now + perMs * ahead)) }
  })
}

/** Messages a ms: from the mean of the older half of the points to that of the newer; null with fewer than three. */
function trendOf(points: readonly TrendPoint[]): number | null {
  if (points.length < 3) return null
  const half = Math.floor(points.length / 2)
  const [older, newer] = [meanOf(points.slice(0, half)), meanOf(points.slice(-half))]
  return (newer.lag - older.lag) / (newer.at - older.at)
}

function meanOf(points: readonly TrendPoint[]): TrendPoint {
  const sum = (of: (point: TrendPoint) => number) => points.reduce((total, point) => total + of(point), 0)
  return { at: sum((point) => point.at) / points.length, lag: sum((point) => point.lag) / points.length }
}

/** Messages that the logs of a group can hold at their retention; Infinity where nothing limits them. */
function mostKept({ grid, pairs }: GroupSeries): number {
  const [from, to] = [
    grid.sampledAt.find((one) => one !== null),
    grid.sampledAt.findLast((one) => one !== null),
  ]
  if (typeof from !== "number" || typeof to !== "number") return Number.POSITIVE_INFINITY
  return pairs
    .filter((pair) => to < pair.deletedAt)
    .reduce((sum, pair) => sum + keptBy(pair, { from, to }), 0)
}

function keptBy(pair: Pair, span: { from: number; to: number }): number {
  const { retention } = pair
  if (!retention.deletes || (retention.ms === null && retention.bytes === null))
    return Number.POSITIVE_INFINITY
  let kept = 0
  let written = 0
  let deletes = false
  const [first, last] = [pair.ends.indexAt(span.from), pair.ends.indexAt(span.to)]
  for (let partition = 0; partition < pair.ends.partitions; partition++) {
    const before = { start: pair.starts.valueAt(first, partition), end: pair.ends.valueAt(first, partition) }
    const after = { start: pair.starts.valueAt(last, partition), end: pair.ends.valueAt(last, partition) }
    if (typeof after.start !== "number" || typeof after.end !== "number") return Number.POSITIVE_INFINITY
    kept += after.end - after.start
    written += Math.max(0, after.end - (before.end ?? after.end))
    deletes ||= typeof before.start === "number" && after.start > before.start
  }
  // Where messages are being deleted, the log is as full as it gets.
  if (deletes) return kept
  if (retention.ms === null || span.to === span.from) return Number.POSITIVE_INFINITY
  return Math.max(kept, (written * retention.ms) / (span.to - span.from))
}
