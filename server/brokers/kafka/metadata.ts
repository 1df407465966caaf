import { metadataV12 } from "@platformatic/kafka"
import type { Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, toDomainError } from "./errors.ts"

export interface BrokerInfo {
  nodeId: number
  host: string
  port: number
  rack: string | null
}

export interface TopicInfo {
  name: string
  uid: string
  internal: boolean
  /** In order of their index. */
  partitions: PartitionInfo[]
}

export interface PartitionInfo {
  index: number
  /** -1: none. */
  leader: number
  replicas: number[]
  isr: number[]
  offline: number[]
}

export interface Metadata {
  clusterId: string | null
  controllerId: number
  brokers: BrokerInfo[]
  topics: TopicInfo[]
  problems: Problem[]
}

/** UNKNOWN_TOPIC_OR_PARTITION, and INVALID_TOPIC_EXCEPTION: a name that no topic can have. */
const NO_TOPIC: ReadonlySet<number> = new Set([3, 17])

/** The cluster as any broker knows it, in one request. `topics: null` means all of them. */
export async function fetchMetadata(
  client: KafkaClient,
  topics: readonly string[] | null,
  signal: AbortSignal,
): Promise<Metadata> {
  const args: [string[] | null, boolean, boolean] = [topics ? [...topics] : null, false, false]
  const answer = await client.sendToAny(metadataV12.api, { args, signal }).catch((error: unknown) => {
    throw toDomainError(error, "No broker of the cluster could be asked")
  })
  const problems: Problem[] = []
  const found: TopicInfo[] = []
  for (const topic of answer.topics) {
    const name = topic.name ?? ""
    if (topic.errorCode !== 0) {
      const raised = problem({ kind: "destination", destination: name }, topic.errorCode, `Topic ${name}`)
      problems.push(
        NO_TOPIC.has(topic.errorCode)
          ? { ...raised, code: "not_found", message: `There is no topic ${name}.` }
          : raised,
      )
      continue
    }
    const partitions = topic.partitions.map((partition) => ({
      index: partition.partitionIndex,
      leader: partition.leaderId,
      replicas: partition.replicaNodes,
      isr: partition.isrNodes,
      offline: partition.offlineReplicas,
    }))
    partitions.sort((a, b) => a.index - b.index)
    found.push({ name, uid: topic.topicId, internal: topic.isInternal, partitions })
  }
  return {
    clusterId: answer.clusterId ?? null,
    controllerId: answer.controllerId,
    brokers: answer.brokers.map((broker) => ({ ...broker, rack: broker.rack ?? null })),
    topics: found,
    problems,
  }
}

/** Nodes that hold replicas but are not registered with the cluster now: they are down. */
export function missingNodes(metadata: Metadata): number[] {
  const alive = new Set(metadata.brokers.map((broker) => broker.nodeId))
  const named = new Set(
    metadata.topics.flatMap((topic) => topic.partitions.flatMap((partition) => partition.replicas)),
  )
  return [...named].filter((node) => !alive.has(node)).sort((a, b) => a - b)
}
