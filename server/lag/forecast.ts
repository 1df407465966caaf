import type { Retention } from "./model.ts"

/**
 * ms until nothing is left to read, at these rates (messages a second). 0 when all is read, Infinity when reading is not
 * faster than writing, null when a rate is unknown.
 */
export function caughtUpIn(
  lag: number,
  produceRate: number | null,
  consumeRate: number | null,
): number | null {
  if (lag <= 0) return 0
  if (produceRate === null || consumeRate === null) return null
  const gain = consumeRate - produceRate
  return gain > 0 ? (lag / gain) * 1000 : Number.POSITIVE_INFINITY
}

export interface LossFacts {
  retention: Retention
  /** Unread messages that still exist. */
  unread: number
  /** Offsets between the log's start and the group's position. */
  headroom: number
  /** ms: age of the record at the group's position; null: unknown. */
  age: number | null
  /** Seconds of log that the group reads in one second; 0: it stands still; null: unknown. */
  speed: number | null
  /** Offsets a second by which the log's start moves. */
  startRate: number | null
  consumeRate: number | null
  caughtUpIn: number | null
}

/**
 * ms until retention deletes the oldest unread message, if all goes on as it does; Infinity when it will not; null when
 * it cannot be known. Kafka deletes whole segments, so a message lives a little longer than its retention: this is the
 * earliest moment.
 *
 * By age: the record at the position has (retention − age) left; a group that reads v seconds of log a second moves
 * away from the edge by v while the edge comes nearer by 1, so the time is (retention − age) ÷ (1 − v).
 * By size: the start moves towards the position at (start rate − consume rate).
 */
export function lostIn(facts: LossFacts): number | null {
  if (facts.unread <= 0 || !facts.retention.deletes) return Number.POSITIVE_INFINITY
  const by = [lostByAge(facts), lostBySize(facts)]
  const first = Math.min(...by.map((one) => one ?? Number.POSITIVE_INFINITY))
  // What is unknown may come first, unless the other limit is known to come at all.
  if (by.includes(null) && first === Number.POSITIVE_INFINITY) return null
  const before = facts.caughtUpIn !== null && facts.caughtUpIn <= first
  return before ? Number.POSITIVE_INFINITY : first
}

function lostByAge(facts: LossFacts): number | null {
  if (facts.retention.ms === null) return Number.POSITIVE_INFINITY
  if (facts.age === null) return null
  const left = Math.max(0, facts.retention.ms - facts.age)
  const approach = 1 - (facts.speed ?? 0)
  return approach > 0 ? left / approach : Number.POSITIVE_INFINITY
}

function lostBySize(facts: LossFacts): number | null {
  if (facts.retention.bytes === null) return Number.POSITIVE_INFINITY
  if (facts.startRate === null || facts.consumeRate === null) return null
  const approach = facts.startRate - facts.consumeRate
  return approach > 0 ? (Math.max(0, facts.headroom) / approach) * 1000 : Number.POSITIVE_INFINITY
}
