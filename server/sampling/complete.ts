import type {
  GroupCommits,
  Problem,
  Sampled,
  SampledDestination,
  SampledGroup,
} from "#server/brokers/broker.ts"
import { placeKey } from "#server/place.ts"
import type { Inventory, KnownDestination } from "./inventory.ts"

/**
 * A sample in which what could not be read stands as unknown: destinations and groups that are known to exist but were not
 * in the answers, and the commits of groups whose coordinator did not answer, as far as the sample before tells what they
 * were. So nothing that is unknown is missing from a sum, and no series goes on as if it had not changed.
 */
export function completed(
  sampled: Sampled,
  inventory: Inventory,
  before: ReadonlyMap<string, GroupCommits[]>,
): Sampled {
  const read = new Set(sampled.destinations.map((one) => one.name))
  const listed = new Set(sampled.groups.map((one) => one.name))
  const unread = [...inventory.destinations.values()]
    .filter((one) => !read.has(one.name))
    .map(unknownDestination)
  const unlisted = [...inventory.groups.values()].filter((one) => !listed.has(one.name))
  const groups = [
    ...sampled.groups,
    ...unlisted.map((one) => ({ ...one, empty: false, known: false, commits: [] })),
  ]
  return {
    ...sampled,
    destinations: [...sampled.destinations, ...unread],
    groups: groups.map((group) => (group.known ? group : unknownGroup(group, before))),
  }
}

/**
 * The commits of a sample by group, for the sample after it. A commit that outlived its topic is none on a topic of the same
 * name that may come, as far as anybody knows, and no store keeps it.
 */
export function commitsByGroup(sampled: Sampled, { destinations }: Inventory): Map<string, GroupCommits[]> {
  return new Map(
    sampled.groups.map(({ name, commits }) => [
      name,
      commits.filter((commit) => destinations.has(commit.destination)),
    ]),
  )
}

function unknownDestination({ name, uid, internal, partitions }: KnownDestination): SampledDestination {
  const none = Array.from({ length: partitions }, () => null)
  return { name, uid, internal, starts: none, ends: none }
}

function unknownGroup(group: SampledGroup, before: ReadonlyMap<string, GroupCommits[]>): SampledGroup {
  const commits = (before.get(group.name) ?? []).map(({ destination, offsets, unknown }) => ({
    destination,
    offsets: offsets.map(() => null),
    unknown: [...new Set([...unknown, ...offsets.flatMap((one, i) => (one === null ? [] : [i]))])],
  }))
  const { name, type, state, empty } = group
  return { name, type, state, empty, known: false, commits }
}

/** Why something could not be read, by the first problem that tells it; for the end of a sentence. */
export class Reasons {
  readonly #partitions = new Map<string, string>()
  readonly #groups = new Map<string, string>()

  constructor(problems: readonly Problem[]) {
    for (const { part, reason } of problems) {
      if (reason === undefined) continue
      if (part.kind === "group") keepFirst(this.#groups, part.group, reason)
      if (part.kind === "destination") keepFirst(this.#partitions, partKey(part), reason)
    }
  }

  /** By partition; what is said of the whole destination holds for all. */
  ofPartitions(destination: string, ends: readonly (bigint | null)[]): Map<number, string> {
    const all = this.#partitions.get(partKey({ destination }))
    return new Map(
      ends.flatMap((end, partition) => {
        const why = this.#partitions.get(partKey({ destination, partition })) ?? all
        return end === null && why ? [[partition, why] as const] : []
      }),
    )
  }

  ofGroup(group: string): string | null {
    return this.#groups.get(group) ?? null
  }
}

/** What a problem is about: a partition, or a whole destination. */
function partKey({
  destination,
  partition,
}: {
  destination: string
  partition?: number | undefined
}): string {
  return partition === undefined ? `${destination}/` : placeKey({ destination, partition })
}

function keepFirst(into: Map<string, string>, key: string, message: string): void {
  if (!into.has(key)) into.set(key, message)
}
