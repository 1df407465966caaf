import type { GroupStatus } from "#server/group-status.ts"

export interface SentenceFacts {
  group: string
  status: GroupStatus
  /** ms that the status has lasted. */
  lasted: number
  /** Unread messages; null: unknown. */
  lag: number | null
  lost: number | null
  caughtUpIn: number | null
  lostIn: number | null
  timeLag: number | null
  /** Messages a second. */
  consumeRate: number | null
  /** "partition 3 of parcels", where one is to blame. */
  blame: string | null
}

/** One sentence that a person would say of a group. */
export function sentence(facts: SentenceFacts): string {
  const parts = [opening(facts), ...waiting(facts), ...outlook(facts)]
  return `${facts.group} ${parts.join("; ")}.`
}

function opening(facts: SentenceFacts): string {
  const lasted = words(facts.lasted)
  switch (facts.status) {
    case "ok":
      return "keeps up"
    case "idle":
      return "is idle: all is read, and nothing is written"
    case "unknown":
      return "cannot be judged yet: its positions are not known for long enough"
    case "behind":
      return `has been falling behind for ${lasted}`
    case "rewound":
      return `went back on ${facts.blame ?? "a partition"} ${lasted} ago and reads again`
    case "stalled":
      return `has been stuck on ${facts.blame ?? "a partition"} for ${lasted}`
    case "stopped":
      return `has been stopped for ${lasted}`
    case "losing":
      return (facts.lost ?? 0) > 0
        ? `has lost ${count(facts.lost ?? 0)} that ${facts.lost === 1 ? "was" : "were"} deleted before it read ${facts.lost === 1 ? "it" : "them"}`
        : "is about to lose messages"
  }
}

function waiting(facts: SentenceFacts): string[] {
  if (facts.status === "idle" || facts.status === "unknown" || facts.lag === null || facts.lag === 0)
    return []
  if (facts.status === "ok") return []
  return [`${count(facts.lag)} ${facts.lag === 1 ? "waits" : "wait"}`]
}

function outlook(facts: SentenceFacts): string[] {
  const quiet: GroupStatus[] = ["ok", "idle", "unknown"]
  if (quiet.includes(facts.status) || (facts.lag ?? 0) === 0) return []
  const { lostIn, caughtUpIn } = facts
  if (lostIn !== null && Number.isFinite(lostIn)) {
    if (lostIn < 1000) return ["more are being deleted now"]
    // The oldest of a group that stands still stays the oldest; one that moves loses another message, later.
    const stands = facts.status === "stopped" || facts.status === "stalled" || facts.consumeRate === 0
    return [
      stands
        ? `at today's retention the oldest is deleted in ${words(lostIn)}`
        : `at this rate messages are deleted unread in ${words(lostIn)}`,
    ]
  }
  if (caughtUpIn === null) return []
  return [
    Number.isFinite(caughtUpIn)
      ? `caught up in ${words(caughtUpIn)} at this rate`
      : "at this rate it never catches up",
  ]
}

function count(messages: number): string {
  return `${Math.round(messages).toLocaleString("en-US")} ${messages === 1 ? "message" : "messages"}`
}

/** A duration as one says it: "12 minutes", "3 h 10 min", "2 days". */
export function words(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 90) return plural(Math.max(1, seconds), "second")
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return plural(minutes, "minute")
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return plural(Math.round(hours / 24), "day")
}

function plural(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`
}
