import type { Sampled } from "#server/brokers/broker.ts"
import type { Inventory } from "./inventory.ts"

const WINDOW_MS = 60_000

/** Messages a second written to each destination over the last minute, from the sums of its end offsets. */
export class ProduceRates {
  readonly #points = new Map<number, { at: number; sum: number }[]>()

  add(sampled: Sampled, inventory: Inventory): Map<number, number> {
    const rates = new Map<number, number>()
    const seen = new Set<number>()
    for (const one of sampled.destinations) {
      const id = inventory.destinations.get(one.name)?.id
      const sum = sumOf(one.ends)
      if (id === undefined) continue
      seen.add(id)
      if (sum === null) continue
      const points = this.#points.get(id) ?? []
      this.#points.set(id, points)
      points.push({ at: sampled.at, sum })
      while (points.length > 2 && (points[0]?.at ?? 0) < sampled.at - WINDOW_MS) points.shift()
      const first = points[0]
      if (first && first.at < sampled.at)
        rates.set(id, Math.max(0, ((sum - first.sum) * 1000) / (sampled.at - first.at)))
    }
    for (const id of this.#points.keys()) if (!seen.has(id)) this.#points.delete(id)
    return rates
  }
}

function sumOf(ends: (bigint | null)[]): number | null {
  let total = 0n
  for (const end of ends) {
    if (end === null) return null
    total += end
  }
  return Number(total)
}
