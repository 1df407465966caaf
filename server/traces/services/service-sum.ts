import { isIncoming } from "../kinds.ts"
import { msOfNs } from "../times.ts"
import { type Minutes, pointOf, points } from "./range.ts"
import type { StoredCalls } from "./read-calls.ts"
import { type Red, type RedSum, sumIn, sumOf } from "./red.ts"

/**
 * The calls that a service is judged by, summed by point and system while they are read: those that come in, or all where
 * none does.
 */
export class ServiceSum {
  counted: "incoming" | "all" = "all"
  readonly #range: Minutes
  #cells = new Map<number, Map<string, RedSum>>()

  constructor(range: Minutes) {
    this.#range = range
  }

  add(row: StoredCalls): void {
    const incoming = isIncoming(row.operation)
    if (!incoming && this.counted === "incoming") return
    if (incoming && this.counted === "all") {
      this.counted = "incoming"
      this.#cells = new Map()
    }
    const at = pointOf(msOfNs(row.at), this.#range)
    const cell = this.#cells.get(at) ?? new Map<string, RedSum>()
    this.#cells.set(at, cell)
    sumIn(cell, row.operation.system).add(row)
  }

  /** Of the whole range. */
  total(): RedSum {
    return sumOf([...this.#cells.values()].flatMap((cell) => [...cell.values()]))
  }

  /** Of every point. */
  series(): (Red & { at: number })[] {
    return points(this.#range).map((at) => ({
      at,
      ...sumOf(this.#cells.get(at)?.values() ?? []).toRed(),
    }))
  }

  /** The most calls first; "" for spans within the service. */
  systems(): { system: string; calls: number; errors: number }[] {
    const sums = new Map<string, RedSum>()
    for (const cell of this.#cells.values()) for (const [system, sum] of cell) sumIn(sums, system).addSum(sum)
    return [...sums].map(([system, sum]) => ({ system, ...countsOf(sum) })).sort((a, b) => b.calls - a.calls)
  }
}

function countsOf(sum: RedSum): { calls: number; errors: number } {
  const { calls, errors } = sum.toRed()
  return { calls, errors }
}
