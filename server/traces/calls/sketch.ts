/**
 * How long calls took, as DDSketch does it (Masson, Rim, Lee: DDSketch, VLDB 2019): counts of buckets whose bounds grow by a
 * factor, so that any quantile is within 1 % of the true one, and two sketches are merged by adding their counts. Stored
 * as pairs of varints: the distance to the bucket before, and the count.
 */
const ACCURACY = 0.01
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
const LOG_GAMMA = Math.log(GAMMA)

export class Sketch {
  count = 0
  readonly #buckets = new Map<number, number>()

  /** A duration in nanoseconds; 0 counts as 1. */
  add(nanoseconds: number): void {
    this.#add(Math.ceil(Math.log(Math.max(1, nanoseconds)) / LOG_GAMMA), 1)
  }

  /** Adds what `toBytes` of another returned. */
  addBytes(bytes: Uint8Array): void {
    let at = 0
    let bucket = 0
    const number = () => {
      let value = 0
      let weight = 1
      for (;;) {
        const byte = bytes[at++] ?? 0
        value += (byte & 127) * weight
        if (byte < 128) return value
        weight *= 128
      }
    }
    while (at < bytes.length) {
      bucket += number()
      this.#add(bucket, number())
    }
  }

  addAll(other: Sketch): void {
    for (const [bucket, count] of other.#buckets) this.#add(bucket, count)
  }

  toBytes(): Buffer {
    const bytes: number[] = []
    const put = (value: number) => {
      let rest = value
      for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
      bytes.push(rest)
    }
    let before = 0
    for (const [bucket, count] of this.#sorted()) {
      put(bucket - before)
      put(count)
      before = bucket
    }
    return Buffer.from(bytes)
  }

  /** The duration below which a share of the calls stayed, in nanoseconds; null without calls. */
  quantile(share: number): number | null {
    let rank = share * (this.count - 1)
    for (const [bucket, count] of this.#sorted()) {
      rank -= count
      if (rank < 0) return (2 * GAMMA ** bucket) / (GAMMA + 1)
    }
    return null
  }

  /** Durations above so many nanoseconds, within the accuracy. */
  countAbove(nanoseconds: number): number {
    const limit = Math.ceil(Math.log(Math.max(1, nanoseconds)) / LOG_GAMMA)
    let count = 0
    for (const [bucket, own] of this.#buckets) if (bucket > limit) count += own
    return count
  }

  #add(bucket: number, count: number): void {
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + count)
    this.count += count
  }

  #sorted(): [bucket: number, count: number][] {
    return [...this.#buckets].sort(([a], [b]) => a - b)
  }
}
