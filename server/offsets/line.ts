import type { Clamp, Found, PartitionNow, PlanLine, Strategy } from "./model.ts"

type Wanted = { offset: number | null; time: number | null; note: string | null } | { trouble: string }

const FORGOTTEN = "Its commit is deleted: a consumer starts there by its auto.offset.reset."
const NOTHING_EARLIER = "No message that is kept is from before this time: this is the start."
const NOTHING_SO_LATE = "No message has this time or a later one: this is the end."

/** What a plan does to one partition. Pure: everything it needs was looked up before. */
export function planLine(strategy: Strategy, at: PartitionNow, found: Found | undefined): PlanLine {
  const { destination, partition, start, end, committed: from } = at
  const line: PlanLine = {
    ...{ destination, partition, from, to: from, start, end, clamped: null },
    ...{ again: null, skipped: null, bytes: null, first: null, time: null, note: null },
    ...{ trouble: at.trouble, result: null, error: null },
  }
  if (at.trouble !== null) return line
  const wanted = wantedBy(strategy, at, found)
  if ("trouble" in wanted) return { ...line, trouble: wanted.trouble }
  if (wanted.offset === null) return { ...line, to: null, note: wanted.note }
  if (start === null || end === null) return { ...line, trouble: "Its start and end could not be read." }
  const { to, clamped } = clamp(wanted.offset, { start, end })
  const moved = from === null ? null : distance({ from, to, start, end })
  const messages = moved === null ? null : Math.max(moved.again, moved.skipped)
  return {
    ...line,
    ...{ to, clamped, note: wanted.note },
    again: moved?.again ?? null,
    skipped: moved?.skipped ?? null,
    bytes: messages === null ? null : bytesOf(messages, at),
    ...(clamped || wanted.time === null ? {} : { first: to, time: wanted.time }),
  }
}

function wantedBy(strategy: Strategy, at: PartitionNow, found: Found | undefined): Wanted {
  const plain = (offset: number | null): Wanted => ({ offset, time: null, note: null })
  switch (strategy.kind) {
    case "earliest":
      return at.start === null ? { trouble: "Its start could not be read." } : plain(at.start)
    case "latest":
      return at.end === null ? { trouble: "Its end could not be read." } : plain(at.end)
    case "offset":
      return plain(strategy.offset)
    case "shift":
      if (at.committed === null) return { trouble: "There is no commit to count from." }
      return plain(at.committed + strategy.by)
    case "forget":
      return { offset: null, time: null, note: at.committed === null ? null : FORGOTTEN }
    default:
      return lookedUp(strategy, at, found)
  }
}

function lookedUp(strategy: Strategy, at: PartitionNow, found: Found | undefined): Wanted {
  if (found?.trouble !== undefined) return { trouble: found.trouble }
  switch (strategy.kind) {
    case "time":
    case "back":
      if (!found) return { trouble: "The broker did not say which offset has this time." }
      if (found.offset === null) return { offset: at.end, time: null, note: NOTHING_SO_LATE }
      return {
        offset: found.offset,
        time: found.time ?? null,
        note: at.start !== null && found.offset <= at.start ? NOTHING_EARLIER : null,
      }
    case "group":
      if (typeof found?.offset !== "number") return { trouble: `${strategy.group} has no commit here.` }
      return { offset: found.offset, time: null, note: null }
    case "csv":
      if (typeof found?.offset !== "number") return { trouble: "The file has no line for it." }
      return { offset: found.offset, time: null, note: null }
    default: {
      const offset = found?.offset ?? null
      return { offset, time: null, note: offset === null && at.committed !== null ? FORGOTTEN : null }
    }
  }
}

interface Log {
  start: number
  end: number
}

/** A position that does not exist: the nearest that does. */
function clamp(wanted: number, { start, end }: Log): { to: number; clamped: Clamp | null } {
  if (wanted < start) return { to: start, clamped: { wanted, why: "deleted" } }
  if (wanted > end) return { to: end, clamped: { wanted, why: "not_written" } }
  return { to: wanted, clamped: null }
}

/** How many offsets lie between: a position outside the log counts as the nearest inside. */
function distance(at: Log & { from: number; to: number }): { again: number; skipped: number } {
  const from = clamp(at.from, at).to
  return { again: Math.max(0, from - at.to), skipped: Math.max(0, at.to - from) }
}

/** By the average size of the partition's messages, as they lie on disk. */
function bytesOf(messages: number, at: PartitionNow): number | null {
  if (messages === 0) return 0
  if (at.bytes === null || at.start === null || at.end === null || at.end <= at.start) return null
  return Math.round((at.bytes / (at.end - at.start)) * messages)
}

/** True where something is to be written. */
export function changes(line: PlanLine): boolean {
  return line.trouble === null && line.from !== line.to
}

export interface PlanTotals {
  /** Partitions that move. */
  moved: number
  /** Partitions that stay where they are. */
  unchanged: number
  /** Partitions that cannot be planned. */
  troubled: number
  clamped: number
  /** Partitions that lose their commit. */
  forgotten: number
  again: number
  skipped: number
  /** Messages from the planned positions to the ends; null: not known of every partition. */
  unread: number | null
  /** Null: not known of every partition. */
  bytes: number | null
}

/** The plan in numbers. */
export function planTotals(lines: readonly PlanLine[]): PlanTotals {
  const moving = lines.filter(changes)
  const known = moving.filter((line) => line.again !== null)
  const sum = (of: (line: PlanLine) => number | null) =>
    known.reduce((total, line) => total + (of(line) ?? 0), 0)
  return {
    moved: moving.length,
    unchanged: lines.filter((line) => line.trouble === null && line.from === line.to).length,
    troubled: lines.filter((line) => line.trouble !== null).length,
    clamped: moving.filter((line) => line.clamped !== null).length,
    forgotten: moving.filter((line) => line.to === null).length,
    again: sum((line) => line.again),
    skipped: sum((line) => line.skipped),
    unread: lines.reduce<number | null>((total, { to, end, trouble }) => {
      if (total === null || to === null || end === null || trouble !== null) return null
      return total + Math.max(0, end - to)
    }, 0),
    bytes: known.some((line) => line.bytes === null) ? null : sum((line) => line.bytes),
  }
}
