import type { Broker, Problem } from "#server/brokers/broker.ts"
import { type Bound, later, readBounds } from "../bounds.ts"
import { atTime, resolveStart } from "../start.ts"
import type { PartitionProgress, Question } from "./question.ts"

/** The ranges a search has to read: nothing was read yet. A partition that cannot be asked is there too, as failed. */
export async function searchRange(
  broker: Broker,
  asked: { destination: string; question: Question },
  signal: AbortSignal,
): Promise<{ partitions: PartitionProgress[]; bounds: Bound[] }> {
  const { destination, question } = asked
  const { bounds, problems } = await readBounds(
    broker,
    { destination, partitions: question.partitions },
    signal,
  )
  const start = await resolveStart(broker, { destination, bounds, start: question.from }, signal)
  const until =
    question.to === null
      ? { found: new Map(bounds.map((bound) => [bound.partition, bound.end])), problems: [] }
      : await atTime(broker, { destination, bounds }, { timestamp: question.to + 1, signal })
  const begins = new Map(start.begins.map((begin) => [begin.partition, begin.from]))
  const failed = [...problems, ...start.problems, ...until.problems]
  const readable = bounds.flatMap(({ partition }) => {
    const from = begins.get(partition)
    const to = until.found.get(partition)
    return from === undefined || to === undefined ? [] : [range(partition, from, later(to, from))]
  })
  const known = new Set(readable.map((one) => one.partition))
  // A partition on which the group never committed has no position to begin at: it is not in the range.
  const unknown = failed.flatMap((problem) => unreadable(problem)).filter((one) => !known.has(one.partition))
  return { partitions: [...readable, ...unknown].sort((a, b) => a.partition - b.partition), bounds }
}

/**
 * The same partitions, with a range for those that could not be asked for it when the search began, as far as they can be
 * asked now.
 */
export async function resolveAgain(
  broker: Broker,
  job: { destination: string; question: Question; partitions: PartitionProgress[] },
  signal: AbortSignal,
): Promise<PartitionProgress[]> {
  const unknown = job.partitions.filter((one) => one.from === null).map((one) => one.partition)
  if (unknown.length === 0) return job.partitions
  const question = { ...job.question, partitions: unknown }
  const found = await searchRange(broker, { destination: job.destination, question }, signal)
  const again = new Map(found.partitions.map((one) => [one.partition, one]))
  return job.partitions.map((one) => (one.from === null ? (again.get(one.partition) ?? one) : one))
}

function range(partition: number, from: bigint, to: bigint): PartitionProgress {
  return {
    partition,
    from: String(from),
    to: String(to),
    next: String(from),
    ...NOTHING,
    state: from === to ? "done" : "waiting",
    problem: null,
  }
}

const NOTHING = { scanned: 0, bytes: 0, matched: 0 }

function unreadable({ part, message }: Problem): PartitionProgress[] {
  if (part.kind !== "destination" || part.partition === undefined) return []
  return [
    {
      partition: part.partition,
      from: null,
      to: null,
      next: null,
      ...NOTHING,
      state: "failed",
      problem: message,
    },
  ]
}

/** Offsets in the range, and those of them that were looked at. */
export function totals(partitions: readonly PartitionProgress[]) {
  const sum = { records: 0, covered: 0, scanned: 0, bytes: 0, matched: 0 }
  for (const one of partitions) {
    const from = BigInt(one.from ?? 0)
    sum.records += Number(BigInt(one.to ?? 0) - from)
    sum.covered += Number(BigInt(one.next ?? 0) - from)
    sum.scanned += one.scanned
    sum.bytes += one.bytes
    sum.matched += one.matched
  }
  return sum
}
