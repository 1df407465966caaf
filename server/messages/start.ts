import { z } from "zod"
import type { Broker, Problem } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName, brokerTime, offsetDigits } from "#server/inputs.ts"
import { type Bound, later } from "./bounds.ts"

/** Where reading begins. */
export const startInput = z.discriminatedUnion("at", [
  z.object({ at: z.literal("newest") }),
  z.object({ at: z.literal("oldest") }),
  z.object({ at: z.literal("offset"), offset: offsetDigits }),
  z.object({ at: z.literal("time"), time: brokerTime }),
  z.object({ at: z.literal("group"), group: brokerName }),
])

export type Start = z.output<typeof startInput>

export interface Begin {
  partition: number
  from: bigint
  end: bigint
}

/** Where reading forward begins in each partition; what cannot be told is a problem, and its partition is left out. */
export async function resolveStart(
  broker: Broker,
  asked: { destination: string; bounds: readonly Bound[]; start: Start },
  signal: AbortSignal,
): Promise<{ begins: Begin[]; problems: Problem[] }> {
  const { bounds, start } = asked
  const at = (from: (bound: Bound) => bigint | null) =>
    bounds.flatMap((bound) => {
      const offset = from(bound)
      return offset === null
        ? []
        : [{ partition: bound.partition, from: later(offset, bound.start), end: bound.end }]
    })
  switch (start.at) {
    case "newest":
      return { begins: at((bound) => bound.end), problems: [] }
    case "oldest":
      return { begins: at((bound) => bound.start), problems: [] }
    case "offset":
      return { begins: at(() => BigInt(start.offset)), problems: [] }
    case "time": {
      const { found, problems } = await atTime(broker, asked, { timestamp: start.time, signal })
      return { begins: at((bound) => found.get(bound.partition) ?? null), problems }
    }
    case "group": {
      const commits = await commitsOf(broker, { destination: asked.destination, group: start.group }, signal)
      return { begins: at((bound) => commits.offsets[bound.partition] ?? null), problems: commits.problems }
    }
  }
}

/** The first offset at or after a time, per partition; the end of the partition where there is none yet. */
export async function atTime(
  broker: Broker,
  asked: { destination: string; bounds: readonly Bound[] },
  when: { timestamp: number; signal: AbortSignal },
): Promise<{ found: Map<number, bigint>; problems: Problem[] }> {
  if (!broker.offsets) throw new DomainError("unsupported", "This system cannot find messages by time.")
  const { destination, bounds } = asked
  const wanted = bounds.map(({ partition }) => ({ destination, partition, timestamp: when.timestamp }))
  const answer = await broker.offsets.atTime(wanted, when.signal)
  const ends = new Map(bounds.map((bound) => [bound.partition, bound.end]))
  const found = new Map(
    answer.found.map(({ partition, offset }) => [partition, offset ?? ends.get(partition) ?? 0n]),
  )
  return { found, problems: answer.problems }
}

async function commitsOf(
  broker: Broker,
  asked: { destination: string; group: string },
  signal: AbortSignal,
): Promise<{ offsets: (bigint | null)[]; problems: Problem[] }> {
  const { destination, group } = asked
  const sampled = await broker.sample({ destinations: [destination], groups: [group] }, signal)
  const found = sampled.groups.find((one) => one.name === group)
  const offsets = found?.commits.find((one) => one.destination === destination)?.offsets
  if (!offsets?.some((offset) => offset !== null)) {
    const why = found && !found.known ? "could not be read now" : `has no commit on ${destination}`
    throw new DomainError("not_found", `The group ${group} ${why}.`)
  }
  return { offsets, problems: sampled.problems.filter((one) => one.part.kind === "group") }
}
