import type { Described, DescribeScope, Destination, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { describeConfigs } from "./configs.ts"
import { describeGroups } from "./groups.ts"
import { fetchLogDirs, type LogDirs } from "./log-dirs.ts"
import { LATEST, listOffsets } from "./log-offsets.ts"
import { fetchMetadata, type Metadata } from "./metadata.ts"
import { describeNodes } from "./nodes.ts"
import { READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"
import { fetchVersion } from "./version.ts"

/** What the cluster consists of, as far as `scope` asks. */
export async function describe(
  client: KafkaClient,
  scope: DescribeScope,
  signal: AbortSignal,
): Promise<Described> {
  const metadata = await fetchMetadata(client, topicsWanted(scope), signal)
  const problems: Problem[] = [...metadata.problems]
  const keep = <Item>(read: { found: Item; problems: Problem[] }): Item => {
    problems.push(...read.problems)
    return read.found
  }
  const disks = readDisks(client, { metadata, scope, signal }).then(keep)
  const [version, nodes, destinations, configs, groups] = await Promise.all([
    fetchVersion(client, signal),
    disks.then((logDirs) => (scope.nodes ? keep(describeNodes(metadata, logDirs)) : [])),
    scope.destinations ? describeDestinations(client, { metadata, disks, scope, signal }).then(keep) : [],
    scope.configs ? readConfigs(client, { metadata, scope, signal }).then(keep) : [],
    scope.groups ? describeGroups(client, { metadata, names: scope.groups, signal }).then(keep) : [],
  ])
  return {
    at: Date.now(),
    clusterId: metadata.clusterId,
    version,
    nodes,
    destinations,
    configs,
    groups,
    problems,
  }
}

/** Nodes want all topics, since a node that is down is known only by the replicas it holds. */
function topicsWanted(scope: DescribeScope): readonly string[] | null {
  if (scope.nodes || scope.destinations === "all" || scope.configs === "all") return null
  return [...new Set([...(scope.destinations ?? []), ...(scope.configs ?? [])])]
}

function namesFor(wanted: "all" | readonly string[], metadata: Metadata): string[] {
  const known = metadata.topics.map((topic) => topic.name)
  if (wanted === "all") return known
  const there = new Set(known)
  return wanted.filter((name) => there.has(name))
}

interface Read {
  metadata: Metadata
  scope: DescribeScope
  signal: AbortSignal
}

/** Nodes want all that is on their disks, destinations only what is theirs, all else nothing. */
async function readDisks(
  client: KafkaClient,
  { metadata, scope, signal }: Read,
): Promise<{ found: LogDirs; problems: Problem[] }> {
  if (!scope.nodes && !scope.destinations) return { found: new Map(), problems: [] }
  const all = scope.nodes || scope.destinations === "all"
  const topics = all ? null : namesFor(scope.destinations ?? [], metadata)
  return fetchLogDirs(client, { metadata, topics, signal })
}

function readConfigs(client: KafkaClient, { metadata, scope, signal }: Read) {
  const topics = namesFor(scope.configs ?? [], metadata)
  return describeConfigs(client, { topics, brokers: metadata.brokers }, signal)
}

interface DestinationRead extends Read {
  disks: Promise<LogDirs>
}

async function describeDestinations(
  client: KafkaClient,
  read: DestinationRead,
): Promise<{ found: Destination[]; problems: Problem[] }> {
  const names = new Set(namesFor(read.scope.destinations ?? [], read.metadata))
  const topics = read.metadata.topics.filter((topic) => names.has(topic.name))
  const named = read.scope.destinations !== "all"
  const stable = named ? await lastStableOffsets(client, { ...read.metadata, topics }, read.signal) : null
  const disks = await read.disks
  const found = topics.map(
    (topic): Destination => ({
      name: topic.name,
      uid: topic.uid,
      internal: topic.internal,
      partitions: topic.partitions.map((partition) => {
        const held = stable?.get(topic.name)?.[partition.index]
        return {
          index: partition.index,
          leader: partition.leader < 0 ? null : partition.leader,
          replicas: partition.replicas,
          isr: partition.isr,
          offlineReplicas: partition.offline,
          bytes: disks.get(partition.leader)?.copies.get(topic.name)?.get(partition.index) ?? null,
          ...(held === undefined || held === null ? {} : { lastStableOffset: held }),
        }
      }),
    }),
  )
  const known = new Set(topics.map((topic) => topic.name))
  const told = new Set(read.metadata.problems.map((problem) => destinationOf(problem)))
  const missing = Array.isArray(read.scope.destinations)
    ? read.scope.destinations.filter((name: string) => !known.has(name) && !told.has(name))
    : []
  return { found, problems: missing.map(notFound) }
}

function destinationOf(problem: Problem): string | null {
  return problem.part.kind === "destination" ? problem.part.destination : null
}

function notFound(name: string): Problem {
  return {
    part: { kind: "destination", destination: name },
    code: "not_found",
    message: `There is no topic ${name}.`,
  }
}

/** Last stable offsets, where open transactions hold them below the end (KIP-98). */
async function lastStableOffsets(
  client: KafkaClient,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<Map<string, (bigint | null)[]>> {
  const [stable, ends] = await Promise.all([
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_COMMITTED, signal }),
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_UNCOMMITTED, signal }),
  ])
  const below = (topic: string, partition: number, value: bigint | null) => {
    const end = ends.offsets.get(topic)?.[partition] ?? null
    return value !== null && end !== null && value < end ? value : null
  }
  return new Map(
    [...stable.offsets].map(([topic, list]) => [topic, list.map((value, i) => below(topic, i, value))]),
  )
}
