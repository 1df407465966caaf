import type { LogBounds, Problem, SampledGroup } from "#server/brokers/broker.ts"
import { knownReaders } from "#server/clusters/index.ts"
import { DomainError } from "#server/errors.ts"
import type { Administered } from "./subject.ts"
import type { Reader, Readers } from "./views.ts"

/** Readers that a preview lists, the ones with the largest lag; of more it tells how many there are. */
const MAX_READERS = 100

export interface Log {
  /** Null: it does not exist, or could not be read (see problems). */
  log: LogBounds | null
  problems: Problem[]
}

/** Where a destination begins and ends now. */
export async function readLog(
  { broker, signal }: Pick<Administered, "broker" | "signal">,
  name: string,
): Promise<Log> {
  if (!broker.logs) throw new DomainError("unsupported", "This system keeps no logs.")
  const { found, problems } = await broker.logs.bounds([name], signal)
  return { log: found[0] ?? null, problems }
}

/** Messages that are kept; null as soon as a partition is unknown. */
export function messagesOf(log: LogBounds | null): number | null {
  if (!log) return null
  let sum = 0n
  for (const [partition, end] of log.ends.entries()) {
    const start = log.starts[partition] ?? null
    if (end === null || start === null) return null
    sum += end - start
  }
  return Number(sum)
}

/**
 * The groups that have a commit on the destination, with what each has not read, most first. The last sweep knows which
 * groups these are; only they are asked where they stand now.
 */
export async function readersOf(to: Administered, log: LogBounds | null): Promise<Readers> {
  if (!log) return { readers: [], readerCount: null, problems: [] }
  const { name, uid } = log
  const known = await knownReaders(to.ctx, {
    cluster: to.cluster,
    destination: name,
    uid,
    most: MAX_READERS,
  })
  if (known.sampledAt === null) return { readers: [], readerCount: null, problems: [notSampled(name)] }
  if (known.groups.length === 0) return { readers: [], readerCount: 0, problems: [] }
  const [sampled, described] = await Promise.all([
    to.broker.sample({ groups: known.groups, destinations: [name] }, to.signal),
    to.broker.describe({ groups: known.groups }, to.signal),
  ])
  const groups = sampled.groups.filter(
    (group) => !group.known || group.commits.some((one) => one.destination === name),
  )
  const byName = new Map(described.groups.map((group) => [group.name, group]))
  const readers = groups.map((group): Reader => {
    const members = byName.get(group.name)?.members ?? null
    return {
      group: group.name,
      type: group.type,
      state: byName.get(group.name)?.state ?? group.state,
      members: members?.map(({ clientId, host }) => ({ clientId, host })) ?? null,
      unread: unreadBy(group, log),
    }
  })
  return {
    readers: readers.sort((a, b) => (b.unread ?? 0) - (a.unread ?? 0) || a.group.localeCompare(b.group)),
    readerCount: readers.length + known.total - known.groups.length,
    problems: sampled.problems,
  }
}

function notSampled(destination: string): Problem {
  const message = `No sample has seen ${destination} yet, so which groups read it is not known.`
  return { part: { kind: "destination", destination }, code: "not_sampled", message }
}

/** What a group has not read of a destination, where it has committed; null as soon as an offset is unknown. */
export function unreadBy(group: SampledGroup, log: LogBounds): number | null {
  const commits = group.commits.find((one) => one.destination === log.name)
  if (!group.known || !commits || commits.unknown.length > 0) return null
  let sum = 0n
  for (const [partition, committed] of commits.offsets.entries()) {
    if (committed === null) continue
    const start = log.starts[partition] ?? null
    const end = log.ends[partition] ?? null
    if (start === null || end === null) return null
    let from = start
    if (committed > start) from = committed
    if (end > from) sum += end - from
  }
  return Number(sum)
}
