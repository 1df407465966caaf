import { seededRandom } from "#test/random.ts"

/** Choices that are the same for the same TEST_SEED and name. */
export class Dice {
  readonly #random: () => number

  constructor(name: string) {
    this.#random = seededRandom(name)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  happens(probability: number): boolean {
    return this.#random() < probability
  }

  /** Throws when there is nothing to choose from. */
  pick<T>(from: readonly T[]): T {
    const [one] = from.slice(this.below(from.length))
    if (one === undefined && from.length === 0) throw new Error("nothing to choose from")
    return one as T
  }
}
