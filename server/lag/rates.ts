/** Points that the slope is made of, spread evenly over the window: 45 pairs are robust enough, and cheap. */
const MOST_POINTS = 10

/**
 * Theil-Sen slope: the median of the slopes of all pairs of points, in units a second; one outlier in four does not move
 * it (Sen 1968, doi:10.1080/01621459.1968.10480934). Points without a value are left out; null with fewer than three.
 */
export function slope(at: readonly number[], values: readonly (number | null | undefined)[]): number | null {
  const known: number[] = []
  for (let i = 0; i < at.length; i++) if (typeof values[i] === "number") known.push(i)
  if (known.length < 3) return null
  const picked = spread(known)
  const slopes: number[] = []
  for (let i = 0; i < picked.length; i++) {
    for (let j = i + 1; j < picked.length; j++) {
      const a = picked[i] ?? 0
      const b = picked[j] ?? 0
      const seconds = ((at[b] ?? 0) - (at[a] ?? 0)) / 1000
      if (seconds > 0) slopes.push(((values[b] ?? 0) - (values[a] ?? 0)) / seconds)
    }
  }
  return median(slopes)
}

function spread(indices: number[]): number[] {
  if (indices.length <= MOST_POINTS) return indices
  const step = (indices.length - 1) / (MOST_POINTS - 1)
  return Array.from({ length: MOST_POINTS }, (_, i) => indices[Math.round(i * step)] ?? 0)
}

/** The median; null of nothing. */
export function median(values: number[]): number | null {
  if (values.length === 0) return null
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}
