import { randomInt } from "node:crypto"

/** The seed of this run's randomness: TEST_SEED of the environment, or a new one. */
export const SEED = Number(process.env.TEST_SEED ?? randomInt(2 ** 31))

/**
 * A source of numbers in [0, 1) that is the same for the same seed and name (mulberry32). Prints the seed, so that a
 * failure can be repeated with TEST_SEED.
 */
export function seededRandom(name: string): () => number {
  console.log(`${name}: TEST_SEED=${SEED}`)
  let state = SEED
  for (const char of name) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
