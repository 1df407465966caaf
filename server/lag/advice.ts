import { roughSpan } from "#server/durations.ts"
import type { GroupStatus } from "#server/group-status.ts"

export interface AdviceFacts {
  status: GroupStatus
  /** null: unknown. */
  members: number | null
  /** Partitions that it reads, as far as they have a commit. */
  partitions: number
  /** Messages a second; null: unknown. */
  produceRate: number | null
  consumeRate: number | null
  /** What it lags on most, or loses most of, and how long that keeps messages (ms; null: no limit, or unknown). */
  destination: { name: string; retentionMs: number | null } | null
}

/** What to do about a group, from facts, and the page where it is done. */
export interface Advice {
  text: string
  act: "retention" | "reset" | "members" | "cluster" | null
  /** The destination that the act is about; null: none. */
  destination: string | null
}

/** Rules, the first that holds counts; null: nothing has to be done. */
export function adviceFor(facts: AdviceFacts): Advice | null {
  const { status, members, destination } = facts
  switch (status) {
    case "losing":
      return {
        text: losing(facts),
        act: destination ? "retention" : null,
        destination: destination?.name ?? null,
      }
    case "invalid":
      return {
        text: "Reset the offsets to a position that exists. Until then, its consumers follow auto.offset.reset.",
        act: "reset",
        destination: null,
      }
    case "stopped":
      return { text: stopped(members), act: members === 0 ? null : "members", destination: null }
    case "stalled":
      return {
        text: "Look in the log of the partition's consumer for a message that fails again and again, or for a call that hangs.",
        act: "members",
        destination: null,
      }
    case "behind":
      return { text: behind(facts), act: "members", destination: null }
    case "unknown":
      return {
        text: "Check that the brokers are running: its coordinator, or the leaders of what it reads, do not answer.",
        act: "cluster",
        destination: null,
      }
    case "ok":
    case "idle":
    case "rewound":
      return null
  }
}

function losing(facts: AdviceFacts): string {
  const { members, destination } = facts
  const kept =
    destination === null || destination.retentionMs === null
      ? ""
      : `${destination.name} keeps messages for ${roughSpan(destination.retentionMs)}`
  if (members === 0)
    return `${opening(kept, "the group has no members")}: start a consumer, or raise retention.`
  if (isSlower(facts))
    return `${opening(kept, "messages are produced faster than the group consumes them")}: add consumers, or raise retention.`
  return kept === ""
    ? "Raise retention until the group has caught up."
    : `${kept}: raise retention until the group has caught up.`
}

function opening(kept: string, then: string): string {
  return kept === "" ? then.charAt(0).toUpperCase() + then.slice(1) : `${kept}, and ${then}`
}

function stopped(members: number | null): string {
  return members === 0
    ? "The group has no members: start a consumer. It continues from the committed offsets."
    : "Its members commit nothing: check that the consumers run, and that they commit."
}

function behind(facts: AdviceFacts): string {
  const { members, partitions } = facts
  if (members === null || partitions === 0) return "Add consumers, or make them faster."
  return members < partitions
    ? `${members} of at most ${partitions} consumers are running: add consumers.`
    : "Every partition has a consumer: make processing faster, or add partitions."
}

function isSlower({ produceRate, consumeRate }: AdviceFacts): boolean {
  return produceRate !== null && consumeRate !== null && consumeRate < produceRate
}
