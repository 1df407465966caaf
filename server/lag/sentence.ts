import { roughSpan } from "#server/durations.ts"
import { BACKLOG_MS, type GroupStatus } from "#server/group-status.ts"
import type { BeyondFacts, UnknownFacts } from "./status.ts"

export interface SentenceFacts {
  group: string
  status: GroupStatus
  /** ms that the status has lasted. */
  lasted: number
  /** Unread messages; null: unknown. */
  lag: number | null
  lost: number | null
  /** ms. */
  timeLag: number | null
  caughtUpIn: number | null
  lostIn: number | null
  /** Messages a second. */
  consumeRate: number | null
  /** "partition 3 of parcels", where one is to blame. */
  blame: string | null
  /** Partitions of which something is unknown: lag and lost are lower bounds then. */
  unknown: readonly UnknownFacts[]
  beyond: readonly BeyondFacts[]
  /** Why its commits could not be read; null: they could, or it was not said. */
  why: string | null
  /** Compaction removes messages within what is counted, so that there may be fewer. */
  isUpTo: boolean
  /** Partitions where an open transaction holds offsets back. */
  held: readonly { destination: string; partition: number; offsets: number }[]
}

/** One sentence that a person would say of a group. */
export function sentence(facts: SentenceFacts): string {
  const parts = [opening(facts), ...unread(facts), ...unknown(facts), ...held(facts), ...outlook(facts)]
  return `${facts.group} ${parts.join("; ")}.`
}

function opening(facts: SentenceFacts): string {
  const lasted = roughSpan(facts.lasted)
  switch (facts.status) {
    case "ok":
      return isCatchingUp(facts) ? "is catching up" : "is keeping up"
    case "idle":
      return facts.held.length > 0
        ? "has consumed everything that is committed"
        : "is idle: fully caught up, no new messages"
    case "unknown":
      return unknownOpening(facts)
    case "behind":
      return `has been falling behind for ${lasted}`
    case "rewound":
      return `was moved back on ${facts.blame ?? "a partition"} ${lasted} ago and is consuming again from there`
    case "invalid":
      return beyondEnd(facts.beyond)
    case "stalled":
      return `has been stuck on ${facts.blame ?? "a partition"} for ${lasted}`
    case "stopped":
      return `has been stopped for ${lasted}`
    case "losing":
      return lostOpening(facts)
  }
}

function lostOpening(facts: SentenceFacts): string {
  if ((facts.lost ?? 0) === 0) return "is about to lose messages"
  const were = facts.lost === 1 ? "that was deleted before it was" : "that were deleted before they were"
  return `has lost ${bound(facts)}${count(facts.lost ?? 0)} ${were} consumed`
}

function unknownOpening(facts: SentenceFacts): string {
  if (facts.why !== null) return `cannot be assessed: its committed offsets could not be read (${facts.why})`
  return facts.unknown.length > 0
    ? "cannot be assessed in full"
    : "cannot be assessed yet: that takes three samples"
}

function beyondEnd(beyond: readonly BeyondFacts[]): string {
  const [first] = beyond
  if (!first) return "has a committed offset beyond the end of a partition"
  const more = beyond.length > 1 ? `, and ${beyond.length - 1} more like it` : ""
  return (
    `has committed offset ${offset(first.committed)} on partition ${first.partition} of ${first.destination}, which is ` +
    `beyond the end of the log (${offset(first.end)})${more}: the log was truncated, or the offset was set wrongly`
  )
}

/** Beyond 2^53 a number is no longer exact, so that its last digits would be invented. */
function offset(value: number): string {
  return value > Number.MAX_SAFE_INTEGER
    ? `above ${Number.MAX_SAFE_INTEGER.toLocaleString("en-US")}`
    : value.toLocaleString("en-US")
}

function unread(facts: SentenceFacts): string[] {
  const { status, lag } = facts
  if (status === "idle" || lag === null || lag === 0) return []
  if (status === "ok" && !isCatchingUp(facts)) return []
  const limit = facts.unknown.length > 0 ? "at least " : facts.isUpTo ? "up to " : ""
  return [`${limit}${count(lag, "unread ")}`]
}

function unknown(facts: SentenceFacts): string[] {
  const [first] = facts.unknown
  if (!first) return []
  const why = first.why === null ? "" : ` (${first.why})`
  const where = `partition ${first.partition} of ${first.destination}`
  const others = facts.unknown.length - 1
  if (others === 0) return [`${where} is unknown${why}`]
  return [`${where} and ${plural(others, "other partition")} are unknown${why}`]
}

function held(facts: SentenceFacts): string[] {
  return facts.held.slice(0, 3).map(({ destination, partition, offsets }) => {
    const what = plural(offsets, "offset")
    return `an open transaction on partition ${partition} of ${destination} holds back ${what}`
  })
}

function outlook(facts: SentenceFacts): string[] {
  const quiet: GroupStatus[] = ["idle", "unknown", "invalid"]
  if (quiet.includes(facts.status) || (facts.lag ?? 0) === 0) return []
  const { lostIn, caughtUpIn } = facts
  const isCalm = facts.status === "ok"
  if (!isCalm && lostIn !== null && Number.isFinite(lostIn)) return [deletion(facts, lostIn)]
  if (caughtUpIn === null || (isCalm && !isCatchingUp(facts))) return []
  if (Number.isFinite(caughtUpIn)) return [`caught up in ${roughSpan(caughtUpIn)} at the current rate`]
  const stands = facts.status === "stopped" || facts.status === "stalled"
  return stands ? [] : ["will not catch up at the current rate"]
}

function deletion(facts: SentenceFacts, lostIn: number): string {
  if (lostIn < 1000) return "messages are being lost to retention now"
  // The oldest of a group that stands still stays the oldest; one that moves loses another message, later.
  const stands = facts.status === "stopped" || facts.status === "stalled" || facts.consumeRate === 0
  return stands
    ? `under the current retention the oldest is deleted in ${roughSpan(lostIn)}`
    : `at the current rate messages are deleted unread in ${roughSpan(lostIn)}`
}

/** A group with an old backlog that shrinks is not just keeping up. */
function isCatchingUp({ status, timeLag, caughtUpIn }: SentenceFacts): boolean {
  const shrinks = caughtUpIn !== null && caughtUpIn > 0 && Number.isFinite(caughtUpIn)
  return status === "ok" && shrinks && (timeLag ?? 0) > BACKLOG_MS
}

function bound(facts: SentenceFacts): string {
  return facts.unknown.length > 0 ? "at least " : ""
}

function count(messages: number, kind = ""): string {
  return `${Math.round(messages).toLocaleString("en-US")} ${kind}${messages === 1 ? "message" : "messages"}`
}

function plural(amount: number, unit: string): string {
  return `${amount.toLocaleString("en-US")} ${unit}${amount === 1 ? "" : "s"}`
}
