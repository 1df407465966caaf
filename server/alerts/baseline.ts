import type { StoredBucket } from "#server/store/index.ts"

/** What is usual: the median, and the median distance from it. */
export interface Baseline {
  median: number
  mad: number
}

const MIN_DAYS = 3
const DAY_MS = 86_400_000
/** Of a rate that never changes every change is infinitely far; this share of the median still counts as usual. */
const MIN_MAD_SHARE = 0.01

/** Medians and MADs of all series of a signal; of those that are known on at least 3 days. By key. */
export function baselineOf(
  buckets: readonly StoredBucket[],
  keys: ReadonlyMap<number, string>,
): Map<string, Baseline> {
  const known = new Map<number, { values: number[]; days: Set<number> }>()
  for (const { at, ids, last } of buckets) {
    ids.forEach((id, i) => {
      const value = last[i]
      if (value === undefined || Number.isNaN(value)) return
      const one = known.get(id) ?? { values: [], days: new Set() }
      one.values.push(value)
      one.days.add(Math.round(at / DAY_MS))
      known.set(id, one)
    })
  }
  return new Map(
    [...known].flatMap(([id, { values, days }]) => {
      const key = keys.get(id)
      return key === undefined || days.size < MIN_DAYS ? [] : [[key, spreadOf(values)] as const]
    }),
  )
}

function spreadOf(values: readonly number[]): Baseline {
  const median = medianOf(values)
  return { median, mad: medianOf(values.map((value) => Math.abs(value - median))) }
}

/** Signed distance from the median in MADs; 0 where both are 0. */
export function deviation(value: number, { median, mad }: Baseline): number {
  const unit = Math.max(mad, Math.abs(median) * MIN_MAD_SHARE)
  if (unit === 0) return value === median ? 0 : Math.sign(value - median) * Number.MAX_SAFE_INTEGER
  return (value - median) / unit
}

/** Of at least one value. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
