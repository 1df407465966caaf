import type { OffsetRange, Problem, Sampled, SampleScope } from "../broker.ts"
import type { KafkaClient, Traffic } from "./client.ts"
import { fetchCommits } from "./committed.ts"
import { type ListedGroup, listGroups } from "./list-groups.ts"
import { fetchLogs, toBounds } from "./log-bounds.ts"
import { fetchMetadata, type Metadata } from "./metadata.ts"
import { readShareGroups, toSampledShare } from "./share-groups.ts"
import type { Tails } from "./tails.ts"

/** A broker answers one connection in order, so what takes long goes over one `aside`. */
export interface SampleClients {
  client: KafkaClient
  aside: KafkaClient
  tails: Tails
}

/**
 * One sweep: metadata once, ListGroups once a broker, OffsetFetch once a coordinator (and batch), ListOffsets three times a
 * leader. Commits are read before the end offsets, so that a group that keeps up never shows a lag below zero. Where share
 * groups stand takes their coordinator seconds: that is read beside all else, and what else is read is no later for it.
 */
export async function sample(
  { client, aside, tails }: SampleClients,
  scope: SampleScope,
  signal: AbortSignal,
): Promise<Sampled> {
  const began = performance.now()
  const before = trafficOf([client, aside])
  const metadata = await fetchMetadata(client, scope.destinations ?? null, signal)
  const listed = await listedGroups(client, metadata, { scope, signal })
  const reading = readShareGroups(aside, listed.shares, signal)
  const commits = await fetchCommits(client, listed.others, signal)
  const at = Date.now()
  const logs = await fetchLogs(client, { metadata, names: scope.destinations ?? null, signal })
  const shares = await reading
  const isWhole = !scope.groups && !scope.destinations
  const empty = isWhole
    ? await tails.find(client, { ...logs, groups: commits.groups, signal })
    : new Map<string, OffsetRange[]>()
  const after = trafficOf([client, aside])
  return {
    at,
    nodes: metadata.brokers.map((broker) => broker.nodeId),
    destinations: toBounds(logs).map((one) => ({ ...one, empty: empty.get(one.name) ?? [] })),
    groups: [...commits.groups, ...shares.found.map((share) => toSampledShare(share, logs.ends))],
    problems: [
      ...logs.metadata.problems,
      ...listed.problems,
      ...commits.problems,
      ...shares.problems,
      ...logs.problems,
    ],
    cost: {
      requests: after.requests - before.requests,
      bytesIn: after.bytesIn - before.bytesIn,
      bytesOut: after.bytesOut - before.bytesOut,
      ms: performance.now() - began,
    },
  }
}

interface Within {
  scope: SampleScope
  signal: AbortSignal
}

async function listedGroups(
  client: KafkaClient,
  metadata: Metadata,
  { scope, signal }: Within,
): Promise<{ shares: ListedGroup[]; others: ListedGroup[]; problems: Problem[] }> {
  if (scope.groups?.length === 0) return { shares: [], others: [], problems: [] }
  const listed = await listGroups(client, metadata.brokers, signal)
  const wanted = scope.groups ? new Set(scope.groups) : null
  const groups = wanted ? listed.groups.filter((group) => wanted.has(group.name)) : listed.groups
  return {
    shares: groups.filter((group) => group.type === "share"),
    others: groups.filter((group) => group.type !== "share"),
    problems: [...listed.problems, ...unlistable(metadata)],
  }
}

function trafficOf(clients: readonly KafkaClient[]): Traffic {
  const all = clients.map((client) => client.traffic())
  const sum = (of: (one: Traffic) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    requests: sum((one) => one.requests),
    bytesIn: sum((one) => one.bytesIn),
    bytesOut: sum((one) => one.bytesOut),
  }
}

/** The groups that a partition of the offsets topic holds are in no broker's list while it has no leader. */
function unlistable(metadata: Metadata): Problem[] {
  const offsets = metadata.topics.find((topic) => topic.name === "__consumer_offsets")
  const leaderless = offsets?.partitions.filter((partition) => partition.leader < 0).length ?? 0
  if (leaderless === 0) return []
  const message = `${leaderless} partitions of __consumer_offsets have no leader: their groups cannot be read.`
  return [{ part: { kind: "cluster" }, code: "unavailable", message }]
}
