import type { GroupStatus } from "#server/group-status.ts"

/** What the rules look at for one partition, over the window. All known, all with a commit. */
export interface PartitionFacts {
  destination: string
  partition: number
  /** Moments of its known samples, ms. */
  at: readonly number[]
  /** Unread messages that exist, at each sample of the window, oldest first. */
  lag: readonly number[]
  /** Committed offset at the same samples. */
  committed: readonly number[]
  /** Messages that were deleted unread. */
  lost: number
  /** ms until retention deletes the oldest unread; Infinity or null: no danger known. */
  lostIn: number | null
}

export interface GroupFacts {
  /** False: its commits could not be read at the last sample. */
  known: boolean
  /** Members now; null: unknown. */
  members: number | null
  /** Moments of the samples, ms; a partition that was unknown at some has fewer. */
  at: readonly number[]
  partitions: PartitionFacts[]
  /** Messages a second on the partitions the group reads; null: unknown. */
  produceRate: number | null
  consumeRate: number | null
}

export interface Judgement {
  status: GroupStatus
  rule: string
  /** The partition to blame, where it is one. */
  blame: PartitionFacts | null
}

/** Limits of the rules. */
export interface Limits {
  /** Loss within this time counts as losing, ms. */
  horizonMs: number
  /** A living group whose position stands still this long is stalled, ms. */
  stallMs: number
  /** A group without members that has not moved this long is stopped, ms. */
  stopMs: number
}

export const LIMITS: Limits = { horizonMs: 6 * 3_600_000, stallMs: 120_000, stopMs: 30_000 }

/**
 * The status of a group, by the first rule that fits. The rules are Burrow's, made explicit: they look at the window,
 * not at one sample, and have no threshold on lag.
 *
 *  1 unknown   its commits could not be read, or there are fewer than three samples
 *  2 losing    messages were deleted unread, or will be within the horizon
 *  3 rewound   a position went back and has not yet come as far as it was
 *  4 stopped   unread messages wait, no position moves, and there is no member (or none of its positions moves at all)
 *  5 stalled   the group lives, but one position stands still while messages wait behind it
 *  6 behind    positions move, yet the lag has grown all the while
 *  7 idle      all is read, and nothing is written
 *  8 ok        all else
 */
export function judge(facts: GroupFacts, limits: Limits = LIMITS): Judgement {
  if (!facts.known || facts.at.length < 3) return { status: "unknown", rule: "1 unknown", blame: null }
  return (
    losing(facts, limits) ??
    rewound(facts) ??
    stopped(facts, limits) ??
    stalled(facts, limits) ??
    behind(facts) ??
    idle(facts) ?? { status: "ok", rule: "8 ok", blame: null }
  )
}

function losing(facts: GroupFacts, limits: Limits): Judgement | null {
  const hit = facts.partitions.filter(
    (one) => one.lost > 0 || (one.lostIn !== null && one.lostIn < limits.horizonMs),
  )
  if (hit.length === 0) return null
  const blame = hit.reduce((worst, one) => (dangerOf(one) < dangerOf(worst) ? one : worst))
  return { status: "losing", rule: "2 losing", blame }
}

function dangerOf(one: PartitionFacts): number {
  return one.lost > 0 ? -one.lost : (one.lostIn ?? Number.POSITIVE_INFINITY)
}

function rewound(facts: GroupFacts): Judgement | null {
  const blame = facts.partitions.find((one) => one.committed.some((offset) => offset > last(one.committed)))
  return blame ? { status: "rewound", rule: "3 rewound", blame } : null
}

function stopped(facts: GroupFacts, limits: Limits): Judgement | null {
  const waiting = facts.partitions.filter((one) => last(one.lag) > 0)
  if (waiting.length === 0) return null
  const still = (ms: number) => facts.partitions.every((one) => standsStill(one, ms))
  const abandoned = facts.members === 0 && still(limits.stopMs)
  const frozen = still(limits.stallMs) && waiting.every((one) => waitsFor(one, limits.stallMs))
  if (!abandoned && !frozen) return null
  return { status: "stopped", rule: "4 stopped", blame: null }
}

function stalled(facts: GroupFacts, limits: Limits): Judgement | null {
  const stuck = facts.partitions.filter(
    (one) => standsStill(one, limits.stallMs) && waitsFor(one, limits.stallMs),
  )
  if (stuck.length === 0) return null
  const blame = stuck.reduce((worst, one) => (last(one.lag) > last(worst.lag) ? one : worst))
  return { status: "stalled", rule: "5 stalled", blame }
}

function behind(facts: GroupFacts): Judgement | null {
  const whole = facts.partitions.filter((one) => one.at.length === facts.at.length)
  const total = facts.at.map((_, i) => whole.reduce((sum, one) => sum + (one.lag[i] ?? 0), 0))
  const { produceRate, consumeRate } = facts
  if (produceRate === null || consumeRate === null || total.length < 6) return null
  const third = Math.floor(total.length / 3)
  const early = mean(total.slice(0, third))
  const middle = mean(total.slice(third, -third))
  const late = mean(total.slice(-third))
  const spacing = (last(facts.at) - (facts.at[0] ?? 0)) / (facts.at.length - 1) / 1000
  // What is written between two commits is always "unread"; it is no lag that grows.
  const inFlight = Math.max(1, produceRate * spacing * 1.5)
  const grows = early < middle && middle < late && late - early > inFlight
  return grows && consumeRate < produceRate && Math.min(...total) > 0
    ? { status: "behind", rule: "6 behind", blame: null }
    : null
}

function idle(facts: GroupFacts): Judgement | null {
  const unread = facts.partitions.some((one) => last(one.lag) > 0)
  return !unread && (facts.produceRate ?? 0) === 0 ? { status: "idle", rule: "7 idle", blame: null } : null
}

/** True when the position did not move for at least `ms`, and the window is long enough to say so. */
function standsStill(one: PartitionFacts, ms: number): boolean {
  const { at } = one
  const now = last(at)
  const position = last(one.committed)
  if (now - (at[0] ?? now) < ms) return false
  return one.committed.every((offset, i) => now - (at[i] ?? now) > ms || offset === position)
}

/** True when messages waited at every sample of the last `ms`. */
function waitsFor(one: PartitionFacts, ms: number): boolean {
  const { at } = one
  const now = last(at)
  return one.lag.every((lag, i) => now - (at[i] ?? now) > ms || lag > 0)
}

function last(values: readonly number[]): number {
  return values.at(-1) ?? 0
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
