/** Knots kept per partition; 128 hold a day of a busy partition to within a minute, in 2 kB. */
const MAX_KNOTS = 128
/** Knots younger than this stay as they were sampled. */
const FULL_DETAIL_MS = 600_000

/**
 * How the end offset of one partition grew: points (time, end offset), thinned with age. Straight runs are kept as
 * their two ends, so idle and steady partitions cost next to nothing.
 */
export class EndHistory {
  readonly #at: number[] = []
  readonly #end: number[] = []

  /** Adds a sample. An end that went back (truncation, another life of the topic) starts the history anew. */
  add(at: number, end: number): void {
    const last = this.#at.length - 1
    const lastEnd = this.#end[last]
    if (lastEnd !== undefined && end < lastEnd) this.clear()
    else if (last >= 1 && this.#isStraight(last, { at, end })) this.#drop(last)
    this.#at.push(at)
    this.#end.push(end)
    if (this.#at.length > MAX_KNOTS) this.#thin(at)
  }

  clear(): void {
    this.#at.length = 0
    this.#end.length = 0
  }

  get knots(): number {
    return this.#at.length
  }

  /**
   * When the end offset passed `offset`, that is when the record at `offset` was appended; interpolated, in ms. null
   * when that was before the history begins, or has not happened yet.
   *
   * Example: end was 100 at 10:00:00 and 200 at 10:00:10; the record at 150 was appended at about 10:00:05.
   */
  passedAt(offset: number): number | null {
    const index = firstAbove(this.#end, offset)
    if (index === 0 || index === this.#at.length) return null
    const before = { at: this.#at[index - 1] ?? 0, end: this.#end[index - 1] ?? 0 }
    const after = { at: this.#at[index] ?? 0, end: this.#end[index] ?? 0 }
    return interpolate(offset, before, after)
  }

  /** True when knot `index` lies on the line from its predecessor to `next`, to within one message. */
  #isStraight(index: number, next: { at: number; end: number }): boolean {
    const from = { at: this.#at[index - 1] ?? 0, end: this.#end[index - 1] ?? 0 }
    const middle = { at: this.#at[index] ?? 0, end: this.#end[index] ?? 0 }
    if (next.at === from.at) return false
    const expected = from.end + ((next.end - from.end) * (middle.at - from.at)) / (next.at - from.at)
    return Math.abs(expected - middle.end) < 0.5
  }

  #drop(index: number): void {
    this.#at.splice(index, 1)
    this.#end.splice(index, 1)
  }

  /** Every second of the older knots goes; what is young keeps its detail where there is room. */
  #thin(now: number): void {
    const young = this.#at.findIndex((at) => at > now - FULL_DETAIL_MS)
    const old = young < 0 ? this.#at.length : young
    const limit = old >= MAX_KNOTS / 4 ? old : Math.floor(this.#at.length / 2)
    for (let index = limit - 1; index > 0; index -= 2) this.#drop(index)
  }
}

/**
 * The moment between two samples at which an offset was appended. Half a message is added, since the record at `offset`
 * is appended when the end goes from `offset` to `offset + 1`.
 */
export function interpolate(
  offset: number,
  before: { at: number; end: number },
  after: { at: number; end: number },
): number {
  const grown = after.end - before.end
  if (grown <= 0) return after.at
  const share = Math.min(1, Math.max(0, (offset + 0.5 - before.end) / grown))
  return before.at + share * (after.at - before.at)
}

/** First index whose end lies above the offset, of ends that only grow; the length when there is none. */
export function firstAbove(ends: readonly number[], offset: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}
