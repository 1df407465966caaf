import type { Described, DescribeScope, Destination, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { describeConfigs } from "./configs.ts"
import { findingsOf } from "./findings.ts"
import { describeGroups } from "./groups.ts"
import { fetchLogDirs, type LogDirs } from "./log-dirs.ts"
import { fetchMetadata, type Metadata } from "./metadata.ts"
import { describeNodes } from "./nodes.ts"
import { openTransactionNotes } from "./open-transactions.ts"
import { minIsrOf, redundancyOf } from "./redundancy.ts"
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
  const [version, nodes, topics, configs, groups] = await Promise.all([
    fetchVersion(client, signal),
    disks.then((logDirs) => (scope.nodes ? keep(describeNodes(metadata, logDirs)) : [])),
    scope.destinations ? describeTopics(client, { metadata, disks, scope, signal }).then(keep) : [],
    scope.configs ? readConfigs(client, { metadata, scope, signal }).then(keep) : [],
    scope.groups ? describeGroups(client, { metadata, names: scope.groups, signal }).then(keep) : [],
  ])
  const minIsr = minIsrOf(configs)
  const destinations = topics.map((topic) => ({
    ...topic,
    redundancy: redundancyOf(topic.partitions, minIsr.get(topic.name)),
  }))
  return {
    at: Date.now(),
    clusterId: metadata.clusterId,
    version,
    nodes,
    destinations,
    configs,
    groups,
    findings: isWhole(scope) ? findingsOf({ nodes, destinations }, minIsr) : [],
    problems,
  }
}

function isWhole(scope: DescribeScope): boolean {
  return scope.nodes === true && scope.destinations === "all" && scope.configs === "all"
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

async function describeTopics(
  client: KafkaClient,
  read: DestinationRead,
): Promise<{ found: Omit<Destination, "redundancy">[]; problems: Problem[] }> {
  const names = new Set(namesFor(read.scope.destinations ?? [], read.metadata))
  const topics = read.metadata.topics.filter((topic) => names.has(topic.name))
  const named = read.scope.destinations !== "all"
  const notes = named ? await openTransactionNotes(client, { ...read.metadata, topics }, read.signal) : null
  const disks = await read.disks
  const found = topics.map(
    (topic): Omit<Destination, "redundancy"> => ({
      name: topic.name,
      uid: topic.uid,
      internal: topic.internal,
      partitions: topic.partitions.map((partition) => ({
        index: partition.index,
        leader: partition.leader < 0 ? null : partition.leader,
        replicas: partition.replicas,
        isr: partition.isr,
        offlineReplicas: partition.offline,
        bytes: disks.get(partition.leader)?.copies.get(topic.name)?.get(partition.index) ?? null,
      })),
      notes: notes?.get(topic.name) ?? [],
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
