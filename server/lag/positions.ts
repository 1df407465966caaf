import type { PartitionLag } from "./model.ts"
import { slope } from "./rates.ts"
import type { PartitionFacts } from "./status.ts"
import { isKnown, Window } from "./window.ts"

/** What a group committed on one destination over the last minutes, and what it had not read at each of these moments. */
export class Positions {
  readonly committed = new Window()
  readonly #unread = new Window()

  /** Takes the positions of a sweep, with the ends of the same sweep. -1: no commit; null: unknown. */
  add(at: number, offsets: readonly (number | null)[], ends: Window | undefined): void {
    this.committed.add(at, offsets)
    this.#unread.add(
      at,
      offsets.map((offset, partition) => {
        const end = ends?.latest(partition) ?? null
        return offset === null || offset < 0 || end === null ? null : Math.max(0, end - offset)
      }),
    )
  }

  /** One partition as the rules want it; null without a commit, or when its position is unknown. */
  facts(destination: string, said: PartitionLag): PartitionFacts | null {
    const { partition, lost, lostIn } = said
    if (said.committed === null || said.lag === null) return null
    const { at } = this.committed
    const whole = { at, lag: this.#unread.column(partition), committed: this.committed.column(partition) }
    // What is unknown in one of the two is unknown in the lag.
    const window = whole.lag.every(isKnown) ? whole : knownOf(whole)
    return {
      destination,
      partition,
      at: window.at,
      lag: window.lag,
      committed: window.committed,
      lost: lost ?? 0,
      lostIn,
    }
  }

  /** Messages a second written to and read from the partitions that the group has committed on. */
  rates(ends: Window): { produced: number | null; consumed: number | null } {
    const { committed } = this
    const read: number[] = []
    for (let partition = 0; partition < committed.partitions; partition++)
      if (isKnown(committed.latest(partition) ?? undefined)) read.push(partition)
    return {
      produced: slope(ends.at, sumOf(ends, read)),
      consumed: slope(committed.at, sumOf(committed, read)),
    }
  }
}

interface Columns {
  at: readonly number[]
  lag: readonly number[]
  committed: readonly number[]
}

function knownOf(whole: Columns): Columns {
  const known = whole.at.flatMap((_, i) => (isKnown(whole.lag[i]) ? [i] : []))
  const pick = (values: readonly number[]) => known.map((i) => values[i] ?? 0)
  return { at: pick(whole.at), lag: pick(whole.lag), committed: pick(whole.committed) }
}

/** Sum of partitions at each moment; NaN where one of them is unknown, since a sum without it would jump. */
function sumOf(window: Window, partitions: readonly number[]): number[] {
  const total = window.at.map(() => 0)
  for (const partition of partitions) {
    const column = window.column(partition)
    for (let i = 0; i < total.length; i++) {
      const value = column[i]
      total[i] = isKnown(value) ? (total[i] ?? 0) + value : Number.NaN
    }
  }
  return total
}
