import type { LogSeries } from "#server/store/index.ts"
import { firstAbove, interpolate } from "./end-history.ts"

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

  constructor(log: Pick<LogSeries, "at" | "ends"> | undefined, partition: number) {
    log?.ends.forEach((row, i) => {
      const end = row[partition]
      if (typeof end === "number") this.#add(log.at[i] ?? 0, end)
    })
  }

  /** When the record at `offset` was appended, as known at a moment (ms); null: before these rows, or not yet. */
  passedAt(offset: number, moment: number): number | null {
    const life = this.#lives.findLast((one) => (one.at[0] ?? 0) <= moment)
    if (!life) return null
    const index = firstAbove(life.end, offset)
    const [before, after] = [life.at[index - 1], life.at[index]]
    if (before === undefined || after === undefined) return null
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
