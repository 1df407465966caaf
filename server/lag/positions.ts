import { NO_COMMIT } from "#server/store/index.ts"
import type { LogState } from "./log-state.ts"
import type { PartitionLag } from "./model.ts"
import type { OwnMoves } from "./own-writes.ts"
import type { PartitionFacts } from "./status.ts"
import { isKnown, Window } from "./window.ts"

/** What a group committed on one destination over the last minutes, and what it had not read at each of these moments. */
export class Positions {
  readonly committed = new Window()
  readonly #unread = new Window()
  /** One column: 1 where the group had no member. */
  readonly #empty = new Window()
  /** Positions as consumers moved them, of this sweep. */
  readonly #consumed = new Map<number, readonly number[]>()

  /** Takes the positions of a sweep, with the log as the same sweep saw it. -1: no commit; null: unknown. */
  add(
    at: number,
    offsets: readonly (number | null)[],
    seen: { log: LogState | undefined; isEmpty: boolean },
  ): void {
    this.#consumed.clear()
    this.committed.add(at, offsets)
    this.#empty.add(at, [seen.isEmpty ? 1 : 0])
    this.#unread.add(
      at,
      offsets.map((offset, partition) => unreadOf(seen.log, partition, offset)),
    )
  }

  /** True where the group has no commit: never made, or expired. Unknown is not "none". */
  isWithout(partition: number): boolean {
    return partition >= this.committed.partitions || this.committed.latest(partition) === NO_COMMIT
  }

  /** As of now where nothing could be read: unknown, except where there was no commit. */
  unknownNow(): (number | null)[] {
    return Array.from({ length: this.committed.partitions }, (_, partition) =>
      this.isWithout(partition) ? NO_COMMIT : null,
    )
  }

  /**
   * The committed offsets of a partition as far as a consumer moved them, up to a constant: jumps that Signalbox wrote,
   * and those of a group without members that only another tool's reset explains (back, or a single one forward), are
   * taken out, so that they are neither progress nor a rewind.
   */
  consumed(partition: number, own: OwnMoves): readonly number[] {
    const known = this.#consumed.get(partition)
    if (known) return known
    const column = this.committed.column(partition)
    const jumps = this.#jumps(column, { partition, own })
    const found = jumps.size === 0 ? column : without(column, jumps)
    this.#consumed.set(partition, found)
    return found
  }

  /** One partition as the rules want it; null without a commit, or when its lag is unknown. */
  facts(log: LogState, said: PartitionLag, own: OwnMoves): PartitionFacts | null {
    const { partition, lost, lostIn, produceRate, consumeRate } = said
    if (said.committed === null || said.lag === null) return null
    const consumed = this.consumed(partition, own)
    const whole = { at: this.committed.at, lag: this.#unread.column(partition), committed: consumed }
    // What is unknown in one of the two is unknown in the lag.
    const window = whole.lag.every(isKnown) ? whole : knownOf(whole)
    return {
      destination: log.name,
      partition,
      ...window,
      lost: lost ?? 0,
      lostIn,
      produceRate,
      consumeRate,
    }
  }

  /** How many of the last samples in a row have the committed offset beyond the end. */
  samplesBeyond(partition: number, ends: Window): number {
    const committed = this.committed.column(partition)
    const column = ends.column(partition)
    let count = 0
    while ((committed.at(-1 - count) ?? 0) > (column.at(-1 - count) ?? Number.POSITIVE_INFINITY)) count += 1
    return count
  }

  /** By how much the position was moved by something else than consuming, at each sample where it was. */
  #jumps(column: readonly number[], of: { partition: number; own: OwnMoves }): Map<number, number> {
    const at = this.committed.at
    const empty = this.#empty.column(0)
    const jumps = new Map<number, number>()
    const alone: [number, number][] = []
    for (let i = 1; i < column.length; i++) {
      const [before, value] = [column[i - 1], column[i]]
      if (!isKnown(before) || !isKnown(value) || before === value) continue
      const move = { before, value, after: at[i - 1] ?? 0, until: at[i] ?? 0 }
      const own = of.own.of(of.partition, move)
      const isUnattended = empty[i] === 1 && empty[i - 1] === 1
      if (own !== null) jumps.set(i, own)
      else if (isUnattended && value < before) jumps.set(i, value - before)
      else if (isUnattended) alone.push([i, value - before])
    }
    // Consumers that use assign() show no member: they move forward again and again, a reset once.
    if (alone.length === 1) for (const [i, by] of alone) jumps.set(i, by)
    return jumps
  }
}

function unreadOf(log: LogState | undefined, partition: number, offset: number | null): number | null {
  const end = log?.ends.latest(partition) ?? null
  const start = log?.starts.latest(partition) ?? null
  if (!log || offset === null || offset < 0 || end === null || start === null || offset > end) return null
  const first = Math.max(log.firstMessage(partition, offset), start)
  const stable = log.stable(partition)
  return stable !== null && first === stable ? 0 : Math.max(0, end - first)
}

/** Takes the jumps out of a column: what comes after each is moved back by it. */
function without(column: readonly number[], jumps: ReadonlyMap<number, number>): number[] {
  let shift = 0
  const moved = column.map((offset, i) => {
    shift += jumps.get(i) ?? 0
    return isKnown(offset) ? offset - shift : offset
  })
  // Below zero would be unknown or no commit: then all are lifted.
  const lowest = Math.min(0, ...moved.filter((_, i) => isKnown(column[i])))
  return moved.map((offset, i) => (isKnown(column[i]) ? offset - lowest : offset))
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
