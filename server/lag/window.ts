/** How far back rates and rules look, in ms. */
export const WINDOW_MS = 300_000

/**
 * The samples of the last minutes, one column a partition, oldest first: what rates and rules look at. In a column NaN
 * is unknown and -1 "no commit"; so columns stay plain numbers, and a sweep of 40,000 partitions stays cheap.
 */
export class Window {
  readonly at: number[] = []
  readonly #columns: number[][] = []
  #width = 0

  /** Adds a sample, and forgets those that have left the window. */
  add(at: number, values: readonly (number | null)[]): void {
    for (let i = this.#columns.length; i < values.length; i++)
      this.#columns.push(this.at.map(() => Number.NaN))
    this.at.push(at)
    this.#columns.forEach((column, i) => {
      column.push(values[i] ?? Number.NaN)
    })
    this.#width = values.length
    while (this.at.length > 1 && (this.at[0] ?? at) < at - WINDOW_MS) {
      this.at.shift()
      for (const column of this.#columns) column.shift()
    }
  }

  /** How many partitions the last sample had. */
  get partitions(): number {
    return this.#width
  }

  column(partition: number): readonly number[] {
    return this.#columns[partition] ?? []
  }

  /** The value of the last sample; null: unknown. */
  latest(partition: number): number | null {
    const value = this.#columns[partition]?.at(-1)
    return value === undefined || Number.isNaN(value) ? null : value
  }
}

/** True of an offset, false of what is unknown or was never committed. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && value >= 0
}
