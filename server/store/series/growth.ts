import { NO_COMMIT } from "./encoding.ts"
import type { Grid } from "./grid.ts"
import { indexAt } from "./index-at.ts"
import { REACH_MS } from "./read.ts"
import { LEVEL_MS } from "./tables.ts"

/** One column of a series: a row holds until the next, for as long as rows are written again when nothing changes. */
export interface Column {
  at: readonly number[]
  rows: readonly (readonly (number | null)[])[]
  /** Of a roll-up: the lowest values within the bucket of a row; null: its values themselves. */
  lowest?: readonly (readonly (number | null)[] | null)[]
}

/** A value of one partition: an offset, unknown, or (undefined) not there: no commit, no such partition, deleted. */
export type Held = number | null | undefined

/** How long a row holds, ms. */
function reachOf({ level, resolutionMs }: Pick<Grid, "level" | "resolutionMs">): number {
  return REACH_MS[level] + 2 * resolutionMs
}

/** How long a row holds at the coarsest resolution, ms. */
export const MAX_REACH_MS = reachOf({ level: "10m", resolutionMs: LEVEL_MS["10m"] })

/** Reads one series as it stood at given moments. */
export class Holder {
  /** Most partitions that any row has. */
  readonly partitions: number
  readonly #column: Column
  readonly #reachMs: number
  #last = { moment: Number.NaN, index: -1 }

  constructor(column: Column | undefined, grid: Pick<Grid, "level" | "resolutionMs">) {
    this.#column = column ?? { at: [], rows: [] }
    this.#reachMs = reachOf(grid)
    this.partitions = this.#column.rows.reduce((most, row) => Math.max(most, row.length), 0)
  }

  /** Index of the row that holds at a moment; -1: none. */
  indexAt(moment: number): number {
    // All partitions are asked for one moment before the next.
    if (moment === this.#last.moment) return this.#last.index
    const index = indexAt(this.#column.at, moment)
    const holds = index >= 0 && moment - (this.#column.at[index] ?? 0) <= this.#reachMs
    this.#last = { moment, index: holds ? index : -1 }
    return this.#last.index
  }

  valueAt(index: number, partition: number): Held {
    const value = this.#column.rows[index]?.[partition]
    return value === NO_COMMIT ? undefined : value
  }

  /** True where a partition had no commit at some sample that a row stands for. */
  wasAbsent(index: number, partition: number): boolean {
    return this.#column.lowest?.[index]?.[partition] === NO_COMMIT
  }

  /** How many partitions a row has. */
  widthAt(index: number): number {
    return this.#column.rows[index]?.length ?? 0
  }

  atOf(index: number): number {
    return this.#column.at[index] ?? 0
  }
}

/** By how much a position was set between two rows, rather than growing; null: it was not. */
export type Shifts = (
  partition: number,
  move: { before: number; value: number; after: number; until: number },
) => number | null

export interface GrowthOptions {
  /** Whether a partition counts, by the moment that the bucket is counted from; by default all count. */
  counts?: (partition: number, since: number) => boolean
  shifts?: Shifts
}

/** How much the partitions of one series grew within a bucket. */
export interface Growth {
  grown: number
  /** Partitions that were known when the bucket began. */
  known: number
  /** Partitions of which it is not known, so that `grown` lacks their part. */
  unknown: number
}

/**
 * Growth of each partition from sample to sample, then added, per bucket. A partition that appears counts from its second
 * sample; one that goes back (a reset, a truncation, another life of a topic) has grown by nothing between those two, nor
 * has one whose commit expired in between and was made anew.
 * null: the bucket, or what it is counted from, has no sample.
 */
export function growthOf(holder: Holder, grid: Grid, options: GrowthOptions = {}): (Growth | null)[] {
  const { partitions } = holder
  return grid.at.map((_, i) => {
    const since = grid.since[i]
    const until = grid.sampledAt[i]
    if (typeof since !== "number" || typeof until !== "number") return null
    const rows = { first: holder.indexAt(since), last: holder.indexAt(until) }
    const total: Growth = { grown: 0, known: 0, unknown: 0 }
    for (let partition = 0; partition < partitions; partition++) {
      if (options.counts && !options.counts(partition, since)) continue
      const grown = grownBetween(holder, rows, { partition, shifts: options.shifts })
      if (grown === null) total.unknown += 1
      else if (typeof holder.valueAt(rows.first, partition) === "number") total.known += 1
      total.grown += grown ?? 0
    }
    return total
  })
}

/** null: unknown at one of the two ends. */
function grownBetween(
  holder: Holder,
  rows: { first: number; last: number },
  of: { partition: number; shifts: Shifts | undefined },
): number | null {
  const { partition } = of
  if (holder.valueAt(rows.first, partition) === null || holder.valueAt(rows.last, partition) === null)
    return null
  let grown = 0
  let before = holder.valueAt(rows.first, partition)
  let after = holder.atOf(rows.first)
  for (let row = rows.first + 1; row <= rows.last; row++) {
    const value = holder.valueAt(row, partition)
    if (value === null) continue
    const until = holder.atOf(row)
    const isWhole = !holder.wasAbsent(row, partition)
    if (isWhole && typeof value === "number" && typeof before === "number" && value !== before) {
      const shift = of.shifts?.(partition, { before, value, after, until }) ?? 0
      grown += Math.max(0, value - before - shift)
    }
    before = value
    after = until
  }
  return grown
}

/**
 * Growth of several series as one, in messages a second over the time between the two samples; null where one partition
 * is unknown (a sum without it would dip) and where there is nothing to count.
 */
export function ratesOf(growths: readonly (Growth | null)[][], grid: Grid): (number | null)[] {
  return grid.at.map((_, i) => {
    const known = growths.flatMap((one) => one[i] ?? [])
    const ms = (grid.sampledAt[i] ?? 0) - (grid.since[i] ?? 0)
    if (ms <= 0 || known.some((one) => one.unknown > 0) || !known.some((one) => one.known > 0)) return null
    return (known.reduce((sum, one) => sum + one.grown, 0) * 1000) / ms
  })
}
