import type { BrokerNode, Described, Destination, Finding } from "../broker.ts"

type Judged = Pick<Described, "nodes" | "destinations">

/** Disks fuller than this are found. */
const FULL_SHARE = 0.9
/** A node that leads this many times its share of the partitions is found. */
const SKEW = 1.5

/** What is wrong with a cluster, worst first, judged from its description alone. */
export function findingsOf(described: Judged, minIsr: ReadonlyMap<string, number>): Finding[] {
  return [
    ...nodesDown(described.nodes),
    ...partitionFinding(described.destinations, OFFLINE),
    ...partitionFinding(described.destinations, UNDER_MIN_ISR, minIsr),
    ...partitionFinding(described.destinations, UNDER_REPLICATED),
    ...disks(described.nodes),
    ...leaderSkew(described),
  ]
}

function nodesDown(nodes: BrokerNode[]): Finding[] {
  return nodes
    .filter((node) => node.online === false)
    .map((node) => ({
      level: "bad",
      kind: "node-down",
      message: `Broker ${node.id} is down.`,
      destinations: [],
    }))
}

interface PartitionRule {
  level: Finding["level"]
  kind: string
  words: string
  hits: (partition: Destination["partitions"][number], minIsr: number) => boolean
}

const OFFLINE: PartitionRule = {
  level: "bad",
  kind: "offline",
  words: "no leader: they can be neither read nor written",
  hits: (partition) => partition.leader === null,
}
const UNDER_MIN_ISR: PartitionRule = {
  level: "bad",
  kind: "under-min-isr",
  words: "fewer in-sync replicas than min.insync.replicas: producers with acks=all are refused",
  hits: (partition, minIsr) => partition.leader !== null && partition.isr.length < minIsr,
}
const UNDER_REPLICATED: PartitionRule = {
  level: "warn",
  kind: "under-replicated",
  words: "fewer in-sync replicas than they should",
  hits: (partition) => partition.leader !== null && partition.isr.length < partition.replicas.length,
}

/** `minIsr` by topic; one that it does not know cannot fall below it. */
function partitionFinding(
  destinations: Destination[],
  rule: PartitionRule,
  minIsr: ReadonlyMap<string, number> = new Map(),
): Finding[] {
  let count = 0
  const names: string[] = []
  for (const destination of destinations) {
    const hits = destination.partitions.filter((one) =>
      rule.hits(one, minIsr.get(destination.name) ?? 0),
    ).length
    if (hits > 0) names.push(destination.name)
    count += hits
  }
  if (count === 0) return []
  const partitions = count === 1 ? "1 partition has" : `${count.toLocaleString("en-US")} partitions have`
  const where = names.length === 1 ? names[0] : `${names.length} topics`
  return [
    {
      level: rule.level,
      kind: rule.kind,
      message: `${partitions} ${rule.words} (${where}).`,
      destinations: names.slice(0, 50),
    },
  ]
}

function disks(nodes: BrokerNode[]): Finding[] {
  return nodes.flatMap((node) =>
    (node.logDirs ?? []).flatMap((dir): Finding[] => {
      if (dir.error) {
        return [
          {
            level: "bad",
            kind: "log-dir",
            message: `${dir.path} on broker ${node.id} fails: ${dir.error}.`,
            destinations: [],
          },
        ]
      }
      if (dir.totalBytes === null || dir.freeBytes === null || dir.totalBytes === 0n) return []
      const used = 1 - Number(dir.freeBytes) / Number(dir.totalBytes)
      if (used < FULL_SHARE) return []
      const message = `The disk of ${dir.path} on broker ${node.id} is ${Math.round(used * 100)} % full.`
      return [{ level: "warn", kind: "log-dir", message, destinations: [] }]
    }),
  )
}

function leaderSkew(described: Judged): Finding[] {
  const online = described.nodes.filter((node) => node.online !== false)
  const leaders = new Map(online.map((node) => [node.id, 0]))
  let total = 0
  for (const partition of described.destinations.flatMap((one) => one.partitions)) {
    if (partition.leader === null) continue
    leaders.set(partition.leader, (leaders.get(partition.leader) ?? 0) + 1)
    total += 1
  }
  const fair = total / Math.max(1, online.length)
  if (online.length < 2 || fair < 10) return []
  return [...leaders]
    .filter(([, count]) => count > fair * SKEW)
    .map(([node, count]) => ({
      level: "info",
      kind: "leader-skew",
      message: `Broker ${node} leads ${count} of ${total} partitions; an even share would be ${Math.round(fair)}.`,
      destinations: [],
    }))
}
