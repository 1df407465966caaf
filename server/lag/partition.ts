import type { EndHistory } from "./end-history.ts"
import { caughtUpIn, lostIn } from "./forecast.ts"
import type { PartitionLag, Retention, TimeLagSource } from "./model.ts"
import { slope } from "./rates.ts"
import { isKnown, type Window } from "./window.ts"

export interface PartitionInput {
  partition: number
  now: number
  starts: Window
  ends: Window
  committed: Window
  history: EndHistory
  retention: Retention
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
  const index = input.partition
  const start = input.starts.latest(index)
  const end = input.ends.latest(index)
  const position = input.committed.latest(index)
  const committed = position !== null && isKnown(position) ? position : null
  const lag = committed !== null && end !== null ? Math.max(0, end - Math.max(committed, start ?? 0)) : null
  const said: PartitionLag = {
    partition: index,
    start,
    end,
    committed,
    lag,
    lost: committed !== null && start !== null ? Math.max(0, start - committed) : null,
    timeLag: lag === 0 ? 0 : null,
    timeLagSource: "none",
    produceRate: null,
    consumeRate: null,
    caughtUpIn: lag === 0 ? 0 : null,
    lostIn: null,
    lastCommitAt: lastChange(input.committed, index),
  }
  if (committed === null || lag === null || lag === 0) return { lag: said, needs: null }
  return { lag: said, needs: addOutlook(said, input, { committed, lag }) }
}

/** Says of a partition with unread messages how old they are and what will become of them; returns what it needs. */
function addOutlook(
  said: PartitionLag,
  input: PartitionInput,
  unread: { committed: number; lag: number },
): number | null {
  const index = input.partition
  const first = Math.max(unread.committed, said.start ?? 0)
  const appended = appendedAt(input, first)
  const startRate = rateOf(input.starts, index)
  if (appended) {
    said.timeLag = Math.max(0, input.now - appended.at)
    said.timeLagSource = appended.source
  }
  said.produceRate = rateOf(input.ends, index)
  said.consumeRate = rateOf(input.committed, index)
  said.caughtUpIn = caughtUpIn(unread.lag, said.produceRate, said.consumeRate)
  const isLosing = (said.lost ?? 0) > 0 && (startRate ?? 0) > 0
  said.lostIn = isLosing
    ? 0
    : lostIn({
        retention: input.retention,
        unread: unread.lag,
        headroom: unread.committed - (said.start ?? unread.committed),
        age: said.timeLag,
        speed: readingSpeed(input, appended?.at ?? null),
        startRate,
        consumeRate: said.consumeRate,
        caughtUpIn: said.caughtUpIn,
      })
  return appended ? null : first
}

function appendedAt(input: PartitionInput, offset: number): { at: number; source: TimeLagSource } | null {
  const passed = input.history.passedAt(offset)
  return passed === null ? input.learned(offset) : { at: passed, source: "history" }
}

/** Seconds of log read in a second, over the window; 0 when the position stood still, null when it cannot be told. */
function readingSpeed(input: PartitionInput, appendedNow: number | null): number | null {
  const then = input.committed.column(input.partition)[0]
  const oldest = input.committed.at[0]
  if (oldest === undefined || !isKnown(then) || appendedNow === null) return null
  if (then === input.committed.latest(input.partition)) return 0
  const appendedThen = input.history.passedAt(then) ?? input.learned(then)?.at ?? null
  const elapsed = input.now - oldest
  return appendedThen === null || elapsed <= 0 ? null : Math.max(0, (appendedNow - appendedThen) / elapsed)
}

function lastChange(committed: Window, index: number): number | null {
  const column = committed.column(index)
  for (let i = column.length - 1; i > 0; i--) {
    if (!Object.is(column[i], column[i - 1])) return committed.at[i] ?? null
  }
  return null
}

/** Messages a second; offsets that went back count as standing still. */
function rateOf(window: Window, index: number): number | null {
  const rate = slope(window.at, window.column(index))
  return rate === null ? null : Math.max(0, rate)
}
