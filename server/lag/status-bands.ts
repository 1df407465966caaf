import { GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"

/** A stretch of time with one status; null: no sample was taken, so nothing is known. */
export interface StatusBand {
  from: number
  to: number
  status: GroupStatus | null
}

interface Change {
  at: number
  status: GroupStatus
}

/** The buckets of a chart: their ends, and the sweep that each was read from. */
interface Buckets {
  at: readonly number[]
  sampledAt: readonly (number | null)[]
  stepMs: number
}

/**
 * A group's statuses as bands over the buckets of a chart. A bucket has the worst status that held within it, so that a
 * short incident stays visible at any zoom; a bucket without a sweep has none. `changes` are in time order; the first may
 * lie before the first bucket. Neighbours with the same status are one band.
 */
export function statusBands(changes: readonly Change[], { at, sampledAt, stepMs }: Buckets): StatusBand[] {
  const bands: StatusBand[] = []
  let next = 0
  let held: GroupStatus | null = null
  for (const [i, to] of at.entries()) {
    const from = at[i - 1] ?? to - stepMs
    let worst = held
    for (let change = changes[next]; change && change.at <= to; change = changes[++next]) {
      held = change.status
      // What ended before the first bucket began is none of its business.
      worst = change.at <= from ? held : worseOf(worst, held)
    }
    const status = sampledAt[i] === null ? null : worst
    const last = bands.at(-1)
    if (last && last.status === status) last.to = to
    else bands.push({ from, to, status })
  }
  return bands
}

function worseOf(a: GroupStatus | null, b: GroupStatus): GroupStatus {
  return a !== null && GROUP_STATUSES.indexOf(a) > GROUP_STATUSES.indexOf(b) ? a : b
}
