/**
 * Bounds on the differences of some unknown numbers, kept tight: from each pair to each other pair. A number may then be
 * chosen freely within its bounds, and all others still have a value (Floyd and Warshall; Cormen et al., "Difference
 * constraints and shortest paths").
 */
export class Differences {
  readonly #size: number
  /** At `i * size + j`: the most by which number j may exceed number i. */
  readonly #most: Float64Array

  constructor(size: number) {
    this.#size = size
    this.#most = new Float64Array(size * size).fill(Number.POSITIVE_INFINITY)
    for (let i = 0; i < size; i++) this.#most[i * size + i] = 0
  }

  /** The most by which number j may exceed number i. */
  most(i: number, j: number): number {
    return this.#most[i * this.#size + j] ?? Number.POSITIVE_INFINITY
  }

  /** Number j exceeds number i by `by` at most. False, and nothing is changed, when that contradicts what is known. */
  bound(i: number, j: number, by: number): boolean {
    if (this.most(j, i) + by < 0) return false
    if (this.most(i, j) <= by) return true
    const size = this.#size
    for (let a = 0; a < size; a++) {
      const toI = this.most(a, i) + by
      if (toI === Number.POSITIVE_INFINITY) continue
      for (let b = 0; b < size; b++)
        this.#most[a * size + b] = Math.min(this.most(a, b), toI + this.most(j, b))
    }
    return true
  }
}
