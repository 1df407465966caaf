import type { Sampled } from "#server/brokers/broker.ts"

/** A transaction is open for a moment all the time; one that is said to hold messages back is open for longer, ms. */
const HELD_AFTER_MS = 60_000

/** A last stable offset that stays below the end. */
export interface Held {
  partition: number
  stable: number
  /** Since when it has stood there, as far as was seen; ms. */
  since: number
}

/** Remembers since when last stable offsets have stood still below the end, by destination. */
export class HeldBack {
  #since = new Map<string, { stable: bigint; at: number }>()

  /** Takes a sample; returns what open transactions have held back for a minute. */
  add(sampled: Sampled): Map<string, Held[]> {
    const now = new Map<string, { stable: bigint; at: number }>()
    const held = new Map<string, Held[]>()
    for (const { name, ends, stable } of sampled.destinations) {
      stable?.forEach((offset, partition) => {
        const end = ends[partition]
        if (offset === null || end === null || end === undefined || offset >= end) return
        const key = `${name}/${partition}`
        const before = this.#since.get(key)
        const entry = before?.stable === offset ? before : { stable: offset, at: sampled.at }
        now.set(key, entry)
        if (sampled.at - entry.at < HELD_AFTER_MS) return
        const one = { partition, stable: Number(offset), since: entry.at }
        held.set(name, [...(held.get(name) ?? []), one])
      })
    }
    this.#since = now
    return held
  }
}
