import { Sketch } from "../calls/sketch.ts"
import { ERROR } from "../kinds.ts"

const MS = 1e6

/** A trace to look at. */
export interface Exemplar {
  traceId: string
  durationMs: number
}

/** Rate, errors and durations of some calls. Durations in ms, within 1 %; null without calls. */
export interface Red {
  calls: number
  errors: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  slowest: Exemplar | null
  /** The slowest of those that failed. */
  slowestError: Exemplar | null
}

/** A row of `traces.calls` as far as it is summed. */
export interface CallsRow {
  status: number
  sketch: Buffer
  slowest_ns: string
  slowest_trace: Buffer
}

/** Sums rows of calls. */
export class RedSum {
  readonly #all = new Sketch()
  #errors = 0
  #slowest: Exemplar | null = null
  #slowestError: Exemplar | null = null

  add(row: CallsRow): void {
    const before = this.#all.count
    this.#all.addBytes(row.sketch)
    const example = { durationMs: Number(row.slowest_ns) / MS, traceId: row.slowest_trace.toString("hex") }
    if (row.status === ERROR) {
      this.#errors += this.#all.count - before
      this.#slowestError = slower(this.#slowestError, example)
    }
    this.#slowest = slower(this.#slowest, example)
  }

  /** Adds what another has summed. */
  addSum(other: RedSum): void {
    this.#all.addAll(other.#all)
    this.#errors += other.#errors
    if (other.#slowest) this.#slowest = slower(this.#slowest, other.#slowest)
    if (other.#slowestError) this.#slowestError = slower(this.#slowestError, other.#slowestError)
  }

  get calls(): number {
    return this.#all.count
  }

  /** Calls that took longer than so many ms, within the sketch's accuracy. */
  slowerThan(ms: number): number {
    return this.#all.countAbove(ms * MS)
  }

  toRed(): Red {
    const quantile = (share: number) => {
      const ns = this.#all.quantile(share)
      return ns === null ? null : ns / MS
    }
    return {
      calls: this.#all.count,
      errors: this.#errors,
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
      p99Ms: quantile(0.99),
      slowest: this.#slowest,
      slowestError: this.#slowestError,
    }
  }
}

function slower(one: Exemplar | null, other: Exemplar): Exemplar {
  return one !== null && one.durationMs >= other.durationMs ? one : other
}

/** The sum of sums. */
export function sumOf(sums: Iterable<RedSum>): RedSum {
  const sum = new RedSum()
  for (const one of sums) sum.addSum(one)
  return sum
}

/** The sum that a map has for a key; made where there is none. */
export function sumIn<Key>(sums: Map<Key, RedSum>, key: Key): RedSum {
  const known = sums.get(key)
  if (known) return known
  const made = new RedSum()
  sums.set(key, made)
  return made
}
