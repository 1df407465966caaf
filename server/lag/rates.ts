import { isKnown } from "./window.ts"

/** Points that the slope is made of, spread evenly over the window: 45 pairs are robust enough, and cheap. */
const MAX_POINTS = 10

// Sweeps ask for a hundred thousand slopes; these are used again instead of being made for each.
const slopes = new Float64Array((MAX_POINTS * (MAX_POINTS - 1)) / 2)
const moments = new Float64Array(MAX_POINTS)
const heights = new Float64Array(MAX_POINTS)

/**
 * Theil-Sen slope: the median of the slopes of all pairs of points, in units a second; one outlier in four does not move
 * it (Sen 1968, doi:10.1080/01621459.1968.10480934). Points that are not known (NaN, -1: no commit) are left out; null
 * with fewer than three.
 */
export function slope(at: readonly number[], values: readonly number[]): number | null {
  const points = spread(at, values)
  if (points > 0 && isFlat(points)) return 0
  let count = 0
  for (let a = 0; a < points; a++) {
    for (let b = a + 1; b < points; b++) {
      const seconds = ((moments[b] ?? 0) - (moments[a] ?? 0)) / 1000
      if (seconds > 0) slopes[count++] = ((heights[b] ?? 0) - (heights[a] ?? 0)) / seconds
    }
  }
  return middleOf(slopes.subarray(0, count).sort())
}

/** Puts points that are spread evenly over the known ones into `moments` and `heights`; returns how many, 0: too few. */
function spread(at: readonly number[], values: readonly number[]): number {
  let known = 0
  for (let i = 0; i < at.length; i++) if (isKnown(values[i])) known += 1
  if (known < 3) return 0
  const points = Math.min(known, MAX_POINTS)
  const step = (known - 1) / (points - 1)
  let picked = 0
  let seen = 0
  for (let i = 0; i < at.length && picked < points; i++) {
    const value = values[i]
    if (!isKnown(value)) continue
    if (seen === Math.round(picked * step)) {
      moments[picked] = at[i] ?? 0
      heights[picked] = value
      picked += 1
    }
    seen += 1
  }
  return picked
}

/** Most starts never move: their slope needs no pairs. */
function isFlat(points: number): boolean {
  for (let i = 1; i < points; i++) if (heights[i] !== heights[0]) return false
  return true
}

/** The median of sorted values; null of nothing. */
function middleOf(sorted: Float64Array): number | null {
  if (sorted.length === 0) return null
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
