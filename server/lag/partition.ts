import type { EndHistory } from "./end-history.ts"
import { caughtUpIn, lostIn } from "./forecast.ts"
import type { PartitionLag, Retention, TimeLagSource } from "./model.ts"
import { slope } from "./rates.ts"
import { column, type Row, times } from "./window.ts"

export interface PartitionInput {
  partition: number
  now: number
  starts: readonly Row[]
  ends: readonly Row[]
  committed: readonly Row[]
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
  const start = latest(input.starts, index)
  const end = latest(input.ends, index)
  const committed = latest(input.committed, index)
  const has = committed !== null && committed >= 0
  const lag = has && end !== null ? Math.max(0, end - Math.max(committed, start ?? 0)) : null
  const lost = has && start !== null ? Math.max(0, start - committed) : null
  const base: PartitionLag = {
    partition: index,
    start,
    end,
    committed: has ? committed : null,
    lag,
    lost,
    timeLag: lag === 0 ? 0 : null,
    timeLagSource: "none",
    produceRate: null,
    consumeRate: null,
    caughtUpIn: lag === 0 ? 0 : null,
    lostIn: null,
    lastCommitAt: lastChange(input.committed, index),
  }
  if (!has || lag === null || lag === 0) return { lag: base, needs: null }
  return lagging(input, { ...base, committed, lag })
}

function lagging(
  input: PartitionInput,
  base: PartitionLag & { committed: number; lag: number },
): PartitionResult {
  const index = input.partition
  const first = Math.max(base.committed, base.start ?? 0)
  const appended = appendedAt(input, first)
  const produceRate = nonNegative(slope(times(input.ends), column(input.ends, index)))
  const consumeRate = nonNegative(slope(times(input.committed), positions(input.committed, index)))
  const startRate = nonNegative(slope(times(input.starts), column(input.starts, index)))
  const catches = caughtUpIn(base.lag, produceRate, consumeRate)
  const timeLag = appended ? Math.max(0, input.now - appended.at) : null
  const danger = lostIn({
    retention: input.retention,
    unread: base.lag,
    headroom: base.committed - (base.start ?? base.committed),
    age: timeLag,
    speed: readingSpeed(input, appended?.at ?? null),
    startRate,
    consumeRate,
    caughtUpIn: catches,
  })
  const lag: PartitionLag = {
    ...base,
    timeLag,
    timeLagSource: appended?.source ?? "none",
    produceRate,
    consumeRate,
    caughtUpIn: catches,
    lostIn: (base.lost ?? 0) > 0 && (startRate ?? 0) > 0 ? 0 : danger,
  }
  return { lag, needs: appended ? null : first }
}

function appendedAt(input: PartitionInput, offset: number): { at: number; source: TimeLagSource } | null {
  const passed = input.history.passedAt(offset)
  return passed === null ? input.learned(offset) : { at: passed, source: "history" }
}

/** Seconds of log read in a second, over the window; 0 when the position stood still, null when it cannot be told. */
function readingSpeed(input: PartitionInput, appendedNow: number | null): number | null {
  const oldest = input.committed[0]
  const then = oldest?.values[input.partition]
  if (!oldest || then === null || then === undefined || then < 0 || appendedNow === null) return null
  if (then === latest(input.committed, input.partition)) return 0
  const appendedThen = input.history.passedAt(then) ?? input.learned(then)?.at ?? null
  const elapsed = input.now - oldest.at
  return appendedThen === null || elapsed <= 0 ? null : Math.max(0, (appendedNow - appendedThen) / elapsed)
}

function latest(rows: readonly Row[], index: number): number | null {
  return rows.at(-1)?.values[index] ?? null
}

function positions(rows: readonly Row[], index: number): (number | null)[] {
  return column(rows, index).map((offset) => (offset !== null && offset >= 0 ? offset : null))
}

function lastChange(rows: readonly Row[], index: number): number | null {
  for (let i = rows.length - 1; i > 0; i--) {
    if (rows[i]?.values[index] !== rows[i - 1]?.values[index]) return rows[i]?.at ?? null
  }
  return null
}

function nonNegative(rate: number | null): number | null {
  return rate === null ? null : Math.max(0, rate)
}
