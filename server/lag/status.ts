import type { GroupStatus } from "#server/group-status.ts"

/** What the rules look at for one partition, over the window. All known, all with a commit. */
export interface PartitionFacts {
  destination: string
  partition: number
  /** Moments of its known samples, ms. */
  at: readonly number[]
  /** Unread messages that exist, at each sample of the window, oldest first. */
  lag: readonly number[]
  /** Where its consumer stood at the same samples (positions.ts). */
  committed: readonly number[]
  /** Messages that were deleted unread. */
  lost: number
  /** ms until retention deletes the oldest unread; Infinity or null: no danger known. */
  lostIn: number | null
  /** Messages a second; null: unknown. */
  produceRate: number | null
  consumeRate: number | null
}

/** A partition of which something is not known. */
export interface UnknownFacts {
  destination: string
  partition: number
  /** Why, as the end of a sentence: "its leader did not answer"; null: not said. */
  why: string | null
  /** Messages that were deleted unread, which its start tells without its end; 0 where that is unknown too. */
  lost: number
}

/** A partition whose committed offset has been beyond its end for some samples. */
export interface BeyondFacts {
  destination: string
  partition: number
  committed: number
  end: number
}

export interface GroupFacts {
  /** False: its commits could not be read at the last sample. */
  known: boolean
  /** Members now; null: unknown. */
  members: number | null
  /** Moments of the samples, ms; a partition that was unknown at some has fewer. */
  at: readonly number[]
  /** Those of which all is known now. */
  partitions: PartitionFacts[]
  /** Those of which it is not. */
  unknown: UnknownFacts[]
  beyond: BeyondFacts[]
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

/** A lag grows only when it has done so for this long, ms. */
const BEHIND_MS = 60_000
/** A lag means something when it is at least what is produced in this many seconds. */
const BEHIND_SECONDS = 30

/**
 * The status of a group, by the first rule that fits. The rules are Burrow's, made explicit: they look at the window,
 * not at one sample, and have no threshold on lag. With a partition unknown, those before `unknown` may fire on what is
 * known; those after it may not.
 *
 *  1 unknown   its commits could not be read, or there are fewer than three samples
 *  2 losing    messages were deleted unread, or will be within the horizon
 *  3 invalid   a committed offset is beyond the end of its partition
 *  4 rewound   a position went back and has not yet come as far as it was
 *  5 stopped   there are unread messages, no position moves, and there is no member (or none of its positions moves at all)
 *  6 stalled   the group lives, but one position stands still with unread messages behind it
 *  7 behind    positions move, yet the lag has grown for a minute, and is worth half a minute of producing
 *  1 unknown   one of its partitions is unknown
 *  8 idle      fully caught up, and nothing is produced
 *  9 ok        all else
 */
export function judge(facts: GroupFacts, limits: Limits = LIMITS): Judgement {
  if (!facts.known) return UNKNOWN
  if (facts.at.length < 3) return invalid(facts) ?? UNKNOWN
  return (
    losing(facts, limits) ??
    invalid(facts) ??
    rewound(facts) ??
    stopped(facts, limits) ??
    stalled(facts, limits) ??
    behind(facts) ??
    (facts.unknown.length > 0 ? UNKNOWN : null) ??
    idle(facts) ?? { status: "ok", rule: "9 ok", blame: null }
  )
}

const UNKNOWN: Judgement = { status: "unknown", rule: "1 unknown", blame: null }

function losing(facts: GroupFacts, limits: Limits): Judgement | null {
  const hit = facts.partitions.filter(
    (one) => one.lost > 0 || (one.lostIn !== null && one.lostIn < limits.horizonMs),
  )
  if (hit.length === 0 && !facts.unknown.some((one) => one.lost > 0)) return null
  const blame = hit.reduce<PartitionFacts | null>(
    (worst, one) => (worst === null || dangerOf(one) < dangerOf(worst) ? one : worst),
    null,
  )
  return { status: "losing", rule: "2 losing", blame }
}

function dangerOf(one: PartitionFacts): number {
  return one.lost > 0 ? -one.lost : (one.lostIn ?? Number.POSITIVE_INFINITY)
}

function invalid(facts: GroupFacts): Judgement | null {
  return facts.beyond.length > 0 ? { status: "invalid", rule: "3 invalid", blame: null } : null
}

function rewound(facts: GroupFacts): Judgement | null {
  const blame = facts.partitions.find((one) => one.committed.some((offset) => offset > last(one.committed)))
  return blame ? { status: "rewound", rule: "4 rewound", blame } : null
}

function stopped(facts: GroupFacts, limits: Limits): Judgement | null {
  const waiting = facts.partitions.filter((one) => last(one.lag) > 0)
  if (waiting.length === 0) return null
  const still = (ms: number) => facts.partitions.every((one) => standsStill(one, ms))
  const abandoned = facts.members === 0 && still(limits.stopMs)
  // Whether a partition that is unknown moves, nobody can tell.
  const whole = facts.unknown.length === 0
  const frozen = whole && still(limits.stallMs) && waiting.every((one) => waitsFor(one, limits.stallMs))
  if (!abandoned && !frozen) return null
  return { status: "stopped", rule: "5 stopped", blame: null }
}

function stalled(facts: GroupFacts, limits: Limits): Judgement | null {
  const stuck = facts.partitions.filter(
    (one) => standsStill(one, limits.stallMs) && waitsFor(one, limits.stallMs),
  )
  if (stuck.length === 0) return null
  const blame = stuck.reduce((worst, one) => (last(one.lag) > last(worst.lag) ? one : worst))
  return { status: "stalled", rule: "6 stalled", blame }
}

function behind(facts: GroupFacts): Judgement | null {
  const { at } = facts
  const span = last(at) - (at[0] ?? 0)
  // Sums of partitions that were known at differing moments must not be compared with one another.
  const whole = facts.partitions.filter((one) => sameMoments(one.at, at))
  if (at.length < 6 || span < BEHIND_MS || whole.length === 0) return null
  const lags = at.map((_, i) => whole.reduce((sum, one) => sum + (one.lag[i] ?? 0), 0))
  const produced = sum(whole.map((one) => one.produceRate))
  const consumed = sum(whole.map((one) => one.consumeRate))
  if (produced === null || consumed === null) return null
  const third = Math.floor(lags.length / 3)
  const early = mean(lags.slice(0, third))
  const middle = mean(lags.slice(third, -third))
  const late = mean(lags.slice(-third))
  const spacing = span / (at.length - 1) / 1000
  // What is produced between two commits is always "unread"; it is no lag that grows.
  const inFlight = Math.max(1, produced * spacing * 1.5)
  const grows = early < middle && middle < late && late - early > inFlight
  const matters = last(lags) >= produced * BEHIND_SECONDS
  return grows && matters && consumed < produced && Math.min(...lags) > 0
    ? { status: "behind", rule: "7 behind", blame: null }
    : null
}

function idle(facts: GroupFacts): Judgement | null {
  const unread = facts.partitions.some((one) => last(one.lag) > 0)
  const quiet = facts.partitions.every((one) => one.produceRate === 0)
  return !unread && quiet ? { status: "idle", rule: "8 idle", blame: null } : null
}

function sameMoments(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((at, i) => at === other[i])
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

/** Null when one of them is unknown. */
function sum(values: (number | null)[]): number | null {
  return values.reduce<number | null>((all, one) => (all === null || one === null ? null : all + one), 0)
}
