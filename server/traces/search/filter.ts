import type { Hash } from "./hash.ts"

/*
 * A Bloom filter of everything that the spans of a chunk could be searched by. With 12 bits for each and 6 places, 1 chunk
 * in 270 is read in vain. Bits are numbered as PostgreSQL's get_bit does.
 */
const BITS_EACH = 12
const PLACES = 6
const LEAST_BYTES = 8
const MAX_BYTES = 32_768

/** Gathers what is in a chunk. */
export class FilterBuilder {
  readonly #seen = new Set<number>()
  readonly #hashes: number[] = []

  /** Returns whether it is new. */
  add({ a, b }: Hash): boolean {
    // Exact below 2^53: 32 bits of one and 21 of the other.
    const both = a * 0x20_0000 + (b & 0x1f_ffff)
    const before = this.#seen.size
    if (this.#seen.add(both).size === before) return false
    this.#hashes.push(a, b)
    return true
  }

  toBytes(): Buffer {
    const count = this.#hashes.length / 2
    const bytes = Math.min(MAX_BYTES, Math.max(LEAST_BYTES, Math.ceil((count * BITS_EACH) / 8)))
    const filter = Buffer.alloc(bytes)
    const bits = bytes * 8
    for (let i = 0; i < this.#hashes.length; i += 2) {
      const a = this.#hashes[i] ?? 0
      const step = this.#hashes[i + 1] ?? 0
      for (let place = 0; place < PLACES; place++) {
        const bit = (a + place * step) % bits
        filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7))
      }
    }
    return filter
  }
}

/** SQL that is false of a filter without this; a column's name and numbers only. */
export function filterHas(column: string, { a, b }: Hash): string {
  const places = Array.from({ length: PLACES }, (_, place) => a + place * b)
  return places
    .map((at) => `get_bit(${column}, (${at}::bigint % (length(${column}) * 8))::int) = 1`)
    .join(" and ")
}
