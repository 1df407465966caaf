import type { Sampled, SampledDestination, SampledGroup } from "#server/brokers/broker.ts"
import type { Administered } from "./subject.ts"
import type { Reader } from "./views.ts"

/** Members are named of so many groups; the rest is told without. */
const MAX_DESCRIBED = 100

export interface Positions {
  sampled: Sampled
  log: SampledDestination | null
}

/** Where a destination begins and ends now, and where every group stands. */
export async function samplePositions({ broker, signal }: Administered, name: string): Promise<Positions> {
  const sampled = await broker.sample({ destinations: [name] }, signal)
  return { sampled, log: sampled.destinations.find((one) => one.name === name) ?? null }
}

/** Messages that are kept; null as soon as a partition is unknown. */
export function messagesOf(log: SampledDestination | null): number | null {
  if (!log) return null
  let sum = 0n
  for (const [partition, end] of log.ends.entries()) {
    const start = log.starts[partition] ?? null
    if (end === null || start === null) return null
    sum += end - start
  }
  return Number(sum)
}

/** The groups that have a commit on the destination, with what each has not read, most first. */
export async function readersOf(to: Administered, { sampled, log }: Positions): Promise<Reader[]> {
  const name = log?.name ?? ""
  const groups = sampled.groups.filter((group) => group.commits.some((one) => one.destination === name))
  const asked = groups.slice(0, MAX_DESCRIBED).map((group) => group.name)
  const described = asked.length > 0 ? (await to.broker.describe({ groups: asked }, to.signal)).groups : []
  const byName = new Map(described.map((group) => [group.name, group]))
  const readers = groups.map((group): Reader => {
    const members = byName.get(group.name)?.members ?? null
    return {
      group: group.name,
      type: group.type,
      state: byName.get(group.name)?.state ?? group.state,
      members: members?.map(({ clientId, host }) => ({ clientId, host })) ?? null,
      unread: log ? unreadBy(group, log) : null,
    }
  })
  return readers.sort((a, b) => (b.unread ?? 0) - (a.unread ?? 0) || a.group.localeCompare(b.group))
}

/** What a group has not read of a destination, where it has committed; null as soon as an offset is unknown. */
export function unreadBy(group: SampledGroup, log: SampledDestination): number | null {
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
