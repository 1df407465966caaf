import { indexAt, type LogSeries } from "#server/store/index.ts"
import { firstAbove, interpolate } from "./end-history.ts"

/** Until when each row of a series held: what did not change was not written, so until the last sweep before the next. */
export function heldUntil(at: readonly number[], sweeps: readonly number[]): number[] {
  return at.map((from, i) => {
    const next = at[i + 1] ?? Number.POSITIVE_INFINITY
    return Math.max(from, sweeps[indexAt(sweeps, next - 1)] ?? from)
  })
}

interface Life {
  at: number[]
  end: number[]
}

/**
 * How the end offset of one partition grew over the rows of a chart, not thinned. Where the end goes back (a truncation,
 * another life of the topic) a new life begins, and offsets are looked up in the life that a moment belongs to.
 */
export class EndCurve {
  readonly #lives: Life[] = []

  /** The rows of a log with the moments until which each of them held. */
  constructor(log: Pick<LogSeries, "at" | "ends"> | undefined, partition: number, held: readonly number[]) {
    log?.ends.forEach((row, i) => {
      const end = row[partition]
      if (typeof end !== "number") return
      const [from, until] = [log.at[i] ?? 0, held[i] ?? 0]
      this.#add(from, end)
      if (until > from) this.#add(until, end)
    })
  }

  /**
   * When the record at `offset` was appended, as known at a moment (ms); null: before these rows, or not yet, or between
   * two that lie further apart than `maxGapMs`.
   */
  passedAt(offset: number, moment: number, maxGapMs = Number.POSITIVE_INFINITY): number | null {
    const life = this.#lives.findLast((one) => (one.at[0] ?? 0) <= moment)
    if (!life) return null
    const index = firstAbove(life.end, offset)
    const [before, after] = [life.at[index - 1], life.at[index]]
    if (before === undefined || after === undefined || after - before > maxGapMs) return null
    return interpolate(
      offset,
      { at: before, end: life.end[index - 1] ?? 0 },
      { at: after, end: life.end[index] ?? 0 },
    )
  }

  #add(at: number, end: number): void {
    const life = this.#lives.at(-1)
    if (life && end >= (life.end.at(-1) ?? 0)) {
      life.at.push(at)
      life.end.push(end)
    } else this.#lives.push({ at: [at], end: [end] })
  }
}
