import { count, plural } from "#app/ui/format.ts"
import type { Bound } from "#app/ui/value.tsx"
import type { GroupRow, TotalParts } from "#server/lag/queries/index.ts"

type Lag = Pick<GroupRow, "lag" | "lost" | "parts" | "compacted">

/** What must be known to read a group's lag: what is unknown of it, what it counts, and what other tools show. */
export function lagBound({ lag, lost, parts, compacted }: Lag): Bound {
  const notes = [
    ...unknownNote(parts.unknown, parts.partitions),
    ...(compacted
      ? ["Counts offsets: a topic it reads is compacted, so there may be fewer messages than that."]
      : []),
    ...(lost !== null && lost > 0 && lag !== null && parts.unknown === 0
      ? [`Kafka's tools show ${count(lag + lost)}: lag and lost messages together.`]
      : []),
  ]
  const mark = parts.unknown > 0 ? (compacted ? "~" : "≥") : compacted ? "≤" : null
  return { mark: lag === 0 && mark === "≤" ? null : mark, note: notes.join(" ") }
}

/** A lower bound for what is unknown of the lost messages. */
export function lostBound({ parts }: { parts: TotalParts }): Bound {
  return atLeast(parts.unknown, parts.partitions)
}

/** Of the partitions whose time lag is unknown, one may be further behind. */
export function timeLagBound({ parts }: { parts: TotalParts }): Bound {
  return atLeast(parts.unknownTimeLag, parts.partitions)
}

/** Of a rate of which a part is unknown: a lower bound. */
export function rateBound(isPartial: boolean): Bound {
  return isPartial ? { mark: "≥", note: "The rate of a partition is unknown." } : NO_BOUND
}

/** Of a compacted topic only the number of its offsets is known, which is the most that its messages can be. */
export function messagesBound(topic: { messages: number | null; offsets: number | null }): Bound {
  if (topic.messages !== null || !topic.offsets) return NO_BOUND
  return { mark: "≤", note: "Counts offsets: the topic is compacted, so there may be fewer messages." }
}

const NO_BOUND: Bound = { mark: null, note: "" }

function atLeast(unknown: number, partitions: number): Bound {
  return { mark: unknown > 0 ? "≥" : null, note: unknownNote(unknown, partitions).join(" ") }
}

function unknownNote(unknown: number, partitions: number): string[] {
  return unknown > 0 ? [`${count(unknown)} of ${plural(partitions, "partition", "partitions")} unknown.`] : []
}
