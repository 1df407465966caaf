import type { Broker, Problem } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"

/** Where the log of a partition begins and ends now. */
export interface Bound {
  partition: number
  start: bigint
  end: bigint
}

export interface Bounds {
  bounds: Bound[]
  problems: Problem[]
}

/** The bounds of the chosen partitions, of all of them when none is chosen. Those that cannot be read are problems. */
export async function readBounds(
  broker: Broker,
  asked: { destination: string; partitions: readonly number[] },
  signal: AbortSignal,
): Promise<Bounds> {
  const { destination, partitions } = asked
  if (!broker.logs) throw new DomainError("unsupported", "This system keeps no logs that can be read.")
  const read = await broker.logs.bounds([destination], signal)
  const found = read.found[0]
  if (!found) {
    const reason = read.problems[0]?.message ?? `${destination} does not exist.`
    throw new DomainError("not_found", reason)
  }
  const bounds = found.ends.flatMap((end, partition) => {
    const start = found.starts[partition] ?? null
    const wanted = partitions.length === 0 || partitions.includes(partition)
    return wanted && end !== null && start !== null ? [{ partition, start, end }] : []
  })
  const known = new Set(bounds.map((one) => one.partition))
  const wanted = partitions.length === 0 ? found.ends.map((_, partition) => partition) : partitions
  const problems = wanted
    .filter((partition) => !known.has(partition))
    .map((partition) => unread(destination, partition, { read: read.problems, count: found.ends.length }))
  return { bounds, problems }
}

function unread(
  destination: string,
  partition: number,
  of: { read: readonly Problem[]; count: number },
): Problem {
  const part = { kind: "destination" as const, destination, partition }
  if (partition >= of.count)
    return { part, code: "not_found", message: `There is no partition ${partition}.` }
  const own = of.read.find((one) => one.part.kind === "destination" && one.part.partition === partition)
  const any = own ?? of.read[0]
  const message = any?.message ?? `The bounds of partition ${partition} could not be read.`
  return { part, code: any?.code ?? "unknown", message: `Partition ${partition}: ${message}` }
}

/** The later of two offsets. */
export function later(one: bigint, other: bigint): bigint {
  return one < other ? other : one
}
