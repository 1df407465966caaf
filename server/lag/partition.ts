import { rateOf } from "#server/rates.ts"
import { caughtUpIn, lostIn } from "./forecast.ts"
import type { LogState } from "./log-state.ts"
import type { PartitionLag, TimeLagSource } from "./model.ts"
import { isKnown, WINDOW_MS, type Window } from "./window.ts"

export interface PartitionInput {
  partition: number
  now: number
  log: LogState
  committed: Window
  noCommit: boolean
  /** The committed offsets as far as a consumer moved them (positions.ts). */
  consumed: readonly number[]
  /** When the record at an offset was appended, if it had to be asked for. */
  learned: (offset: number) => { at: number; source: TimeLagSource } | null
}

export interface PartitionResult {
  lag: PartitionLag
  /** Offset whose moment neither history nor `learned` knows; null: none. */
  needs: number | null
}

/**
 * Everything that is said of one partition of one group. Unread are the messages that still exist behind the position,
 * end − max(committed, start); what lies between the position and the start was deleted unread, and is `lost`.
 */
export function partitionLag(input: PartitionInput): PartitionResult {
  const { partition: index, log } = input
  const start = log.starts.latest(index)
  const end = log.ends.latest(index)
  const position = input.committed.latest(index)
  const committed = position !== null && isKnown(position) ? position : null
  const first = firstUnread(log, { index, committed, start, end })
  const stable = log.stable(index)
  const beyond = committed !== null && end !== null && committed > end ? committed - end : null
  const lag = first === null || end === null ? null : stable === first ? 0 : end - first
  const said: PartitionLag = {
    partition: index,
    start,
    end,
    committed,
    noCommit: input.noCommit,
    beyond,
    held: stable !== null && end !== null && committed !== null && committed <= stable ? end - stable : null,
    lag,
    lost: committed !== null && start !== null ? Math.max(0, start - committed) : null,
    timeLag: lag === 0 ? 0 : null,
    timeLagSource: "none",
    produceRate: log.produced(index).perSecond,
    consumeRate: rateOf(input.committed.at, input.consumed).perSecond,
    caughtUpIn: lag === 0 ? 0 : null,
    lostIn: null,
    lastCommitAt: lastChange(input.committed.at, input.consumed),
  }
  if (first === null || lag === null || lag === 0) return { lag: said, needs: null }
  return { lag: said, needs: addOutlook(said, input, { first, lag }) }
}

/** Where what the group has not consumed begins; null: not known, or beyond the end. */
function firstUnread(
  log: LogState,
  of: { index: number; committed: number | null; start: number | null; end: number | null },
): number | null {
  const { index, committed, start, end } = of
  if (committed === null || start === null || end === null || committed > end) return null
  return Math.min(end, Math.max(log.firstMessage(index, committed), start))
}

/** Says of a partition with unread messages how old they are and what will become of them; returns what it needs. */
function addOutlook(
  said: PartitionLag,
  input: PartitionInput,
  unread: { first: number; lag: number },
): number | null {
  const { first, lag } = unread
  const { log, partition: index } = input
  const appended = appendedAt(input, first)
  // Retention deletes whole segments every few minutes: a shorter look would see none of it.
  const startRate = rateOf(log.starts.at, log.starts.column(index), WINDOW_MS).perSecond
  if (appended) {
    // An unread message is never 0 ms old, whatever the clock of its producer.
    said.timeLag = Math.max(1, input.now - appended.at)
    said.timeLagSource = appended.source
  }
  said.caughtUpIn = isPaused(said, input.now) ? null : caughtUpIn(lag, said.produceRate, said.consumeRate)
  const isLosing = (said.lost ?? 0) > 0 && (startRate ?? 0) > 0
  said.lostIn = isLosing
    ? 0
    : lostIn({
        retention: log.retention,
        unread: lag,
        headroom: first - (said.start ?? first),
        age: said.timeLag,
        speed: readingSpeed(input, appended?.at ?? null),
        startRate,
        consumeRate: said.consumeRate,
        caughtUpIn: said.caughtUpIn,
      })
  return appended ? null : first
}

/** A consumer that commits less than once a minute has no rate now, and still is no consumer that never catches up. */
function isPaused(said: PartitionLag, now: number): boolean {
  return said.consumeRate === 0 && said.lastCommitAt !== null && now - said.lastCommitAt < WINDOW_MS
}

function appendedAt(input: PartitionInput, offset: number): { at: number; source: TimeLagSource } | null {
  const passed = input.log.history(input.partition).passedAt(offset)
  return passed === null ? input.learned(offset) : { at: passed, source: "history" }
}

/** Seconds of log read in a second, over the window; 0 when the position stood still, null when it cannot be told. */
function readingSpeed(input: PartitionInput, appendedNow: number | null): number | null {
  const then = input.committed.column(input.partition)[0]
  const oldest = input.committed.at[0]
  if (oldest === undefined || !isKnown(then) || appendedNow === null) return null
  if (input.consumed[0] === input.consumed.at(-1)) return 0
  const appendedThen = input.log.history(input.partition).passedAt(then) ?? input.learned(then)?.at ?? null
  const elapsed = input.now - oldest
  return appendedThen === null || elapsed <= 0 ? null : Math.max(0, (appendedNow - appendedThen) / elapsed)
}

function lastChange(at: readonly number[], column: readonly number[]): number | null {
  for (let i = column.length - 1; i > 0; i--) {
    const [before, after] = [column[i - 1], column[i]]
    if (isKnown(before) && isKnown(after) && before !== after) return at[i] ?? null
  }
  return null
}
