import type { Broker, GroupMember, Problem } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { toNumber } from "#server/numbers.ts"
import { type Place, placeKey } from "#server/place.ts"
import type { PartitionNow } from "./model.ts"

/** A group as its coordinator tells it now. */
export interface GroupNow {
  name: string
  type: string
  /** False: there is no such group; a commit makes it. */
  exists: boolean
  state: string
  /** Null: could not be read, which is not "none". */
  members: GroupMember[] | null
  commits: Map<string, Place & { offset: number }>
  /** Partitions whose commit could not be read. */
  unknown: Set<string>
  problems: Problem[]
}

/** Who is in a group, and where it stands. Rejects when it cannot be told whether the group exists, or where it stands. */
export async function readGroupNow(broker: Broker, name: string, signal: AbortSignal): Promise<GroupNow> {
  const [described, sampled] = await Promise.all([
    broker.describe({ groups: [name] }, signal),
    broker.sample({ groups: [name], destinations: [] }, signal),
  ])
  const group = described.groups[0]
  const positions = sampled.groups[0]
  const facts = readCommits(positions?.commits ?? [])
  const problems = described.problems.filter((one) => one.code !== "not_found")
  const unread = [...problems, ...sampled.problems][0]
  if (!group && unread)
    throw new DomainError("unreachable", `Whether there is a group ${name} is not known. ${unread.message}`)
  if (group && !positions?.known)
    throw new DomainError("unreachable", unread?.message ?? `The commits of ${name} could not be read.`)
  return {
    name,
    type: group?.type ?? broker.offsets?.createdType ?? "unknown",
    exists: group !== undefined,
    state: group?.state ?? "none",
    members: group ? group.members : [],
    ...facts,
    problems,
  }
}

interface Commits {
  destination: string
  offsets: (bigint | null)[]
  unknown: number[]
}

function readCommits(list: readonly Commits[]): Pick<GroupNow, "commits" | "unknown"> {
  const commits: GroupNow["commits"] = new Map()
  const unknown = new Set<string>()
  for (const { destination, offsets, unknown: lost } of list) {
    for (const [partition, offset] of offsets.entries()) {
      if (offset === null) continue
      const at = { destination, partition, offset: Number(offset) }
      commits.set(placeKey(at), at)
    }
    for (const partition of lost) unknown.add(placeKey({ destination, partition }))
  }
  return { commits, unknown }
}

/** The logs of some destinations as they are now. */
export interface LogsNow {
  partitions: Map<string, number[]>
  at(place: Place): Omit<PartitionNow, "committed">
  /** What could not be read and belongs to no partition. */
  problems: Problem[]
}

export async function readLogsNow(
  broker: Broker,
  destinations: readonly string[],
  signal: AbortSignal,
): Promise<LogsNow> {
  const [described, bounds] = await Promise.all([
    broker.describe({ destinations }, signal),
    broker.logs?.bounds(destinations, signal) ?? { found: [], problems: [] },
  ])
  const found = new Map(described.destinations.map((one) => [one.name, one]))
  const logs = new Map(bounds.found.map((one) => [one.name, one]))
  const all = [...described.problems, ...bounds.problems]
  const troubles = new Map<string, string>(
    all.flatMap((one) =>
      one.part.kind === "destination"
        ? [[`${one.part.destination}/${one.part.partition ?? "*"}`, one.message] as const]
        : [],
    ),
  )
  const at = (place: Place) => {
    const { destination, partition } = place
    const one = found.get(destination)
    const described = one?.partitions.find(({ index }) => index === partition)
    const trouble = () => {
      if (!one) return troubles.get(`${destination}/*`) ?? `There is no ${destination}.`
      if (!described) return `${destination} has no partition ${partition}.`
      if (described.leader === null) return "It has no leader now."
      return troubles.get(placeKey(place)) ?? null
    }
    return {
      ...{ destination, partition },
      start: toNumber(logs.get(destination)?.starts[partition]),
      end: toNumber(logs.get(destination)?.ends[partition]),
      bytes: toNumber(described?.bytes),
      trouble: trouble(),
    }
  }
  return {
    partitions: new Map([...found].map(([name, one]) => [name, one.partitions.map(({ index }) => index)])),
    at,
    problems: all.filter((one) => one.part.kind !== "destination"),
  }
}
