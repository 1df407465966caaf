import { addRates, type Rate, rateOf } from "#server/rates.ts"
import { EndHistory } from "./end-history.ts"
import type { ObservedLog } from "./evaluation.ts"
import type { Retention } from "./model.ts"
import { Window } from "./window.ts"

const NO_HISTORY = new EndHistory()

/** What is kept of one destination between sweeps. */
export class LogState {
  readonly starts = new Window()
  readonly ends = new Window()
  readonly #histories: EndHistory[] = []
  /** By partition: where an empty range begins, and where it ends. */
  readonly #empty = new Map<number, Map<number, number>>()
  #last: ObservedLog
  #rates: Rate[] | null = null

  constructor(log: ObservedLog) {
    this.#last = log
  }

  get name(): string {
    return this.#last.name
  }

  get retention(): Retention {
    return this.#last.retention
  }

  add(at: number, log: ObservedLog): void {
    this.#last = log
    this.#rates = null
    this.starts.add(at, log.starts)
    this.ends.add(at, log.ends)
    log.ends.forEach((end, partition) => {
      const history = this.#histories[partition] ?? new EndHistory()
      this.#histories[partition] = history
      if (end !== null) history.add(at, end)
    })
    for (const { partition, from, to } of log.empty ?? []) {
      const ranges = this.#empty.get(partition) ?? new Map<number, number>()
      this.#empty.set(partition, ranges)
      ranges.set(from, to)
    }
  }

  history(partition: number): EndHistory {
    return this.#histories[partition] ?? NO_HISTORY
  }

  /** The first offset from this one on that may hold a message. */
  firstMessage(partition: number, offset: number): number {
    return this.#empty.get(partition)?.get(offset) ?? offset
  }

  /** The last stable offset, where an open transaction holds it below the end. */
  stable(partition: number): number | null {
    return this.#last.stable?.get(partition) ?? null
  }

  why(partition: number): string | null {
    return this.#last.why?.get(partition) ?? null
  }

  /** Messages a second that are produced to one partition. */
  produced(partition: number): Rate {
    return this.#all()[partition] ?? { perSecond: null, partial: false }
  }

  /** Messages a second that are produced to all of its partitions. */
  producedInAll(): Rate {
    return addRates(this.#all())
  }

  #all(): Rate[] {
    this.#rates ??= Array.from({ length: this.ends.partitions }, (_, partition) =>
      rateOf(this.ends.at, this.ends.column(partition)),
    )
    return this.#rates
  }
}
