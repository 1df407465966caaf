import { listOffsetsV7 } from "@platformatic/kafka"
import type { Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import type { BrokerInfo, Metadata, TopicInfo } from "./metadata.ts"

/** ListOffsets' special timestamps (KIP-734). */
export const EARLIEST = -2n
export const LATEST = -1n

export interface OffsetRequest {
  timestamp: bigint
  /** 1: read_committed, where LATEST gives the last stable offset. */
  isolation: 0 | 1
}

export interface LogOffsets {
  /** By topic, indexed by partition; null: unknown. */
  offsets: Map<string, (bigint | null)[]>
  problems: Problem[]
  /** True: a leader had moved, so that asking again with fresh metadata will tell more. */
  stale: boolean
}

const STALE = new Set(["NOT_LEADER_OR_FOLLOWER", "FENCED_LEADER_EPOCH", "UNKNOWN_TOPIC_OR_PARTITION"])

/** One offset of every partition, one request a leader. */
export async function listOffsets(
  client: KafkaClient,
  metadata: Pick<Metadata, "brokers" | "topics">,
  request: OffsetRequest & { signal: AbortSignal },
): Promise<LogOffsets> {
  const found: LogOffsets = { offsets: emptyOffsets(metadata.topics), problems: [], stale: false }
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  const work = [...byLeader(metadata.topics)].map(async ([leader, topics]) => {
    const broker = brokers.get(leader)
    if (broker) await askLeader(client, { broker, topics, found, ...request })
    else found.problems.push(...leaderless(topics))
  })
  await Promise.all(work)
  return found
}

interface LeaderTopics {
  name: string
  partitions: number[]
}

interface Ask extends OffsetRequest {
  broker: BrokerInfo
  topics: LeaderTopics[]
  found: LogOffsets
  signal: AbortSignal
}

async function askLeader(client: KafkaClient, ask: Ask): Promise<void> {
  const topics = ask.topics.map((topic) => ({
    name: topic.name,
    partitions: topic.partitions.map((partitionIndex) => ({
      partitionIndex,
      currentLeaderEpoch: -1,
      timestamp: ask.timestamp,
    })),
  }))
  try {
    const answer = await client.send(ask.broker, listOffsetsV7.api, {
      args: [-1, ask.isolation, topics],
      signal: ask.signal,
    })
    for (const topic of answer.topics) {
      const offsets = ask.found.offsets.get(topic.name)
      for (const partition of topic.partitions) {
        if (partition.errorCode === 0) {
          if (offsets) offsets[partition.partitionIndex] = partition.offset
          continue
        }
        if (STALE.has(errorName(partition.errorCode))) ask.found.stale = true
        const part = {
          kind: "destination" as const,
          destination: topic.name,
          partition: partition.partitionIndex,
        }
        ask.found.problems.push(
          problem(part, partition.errorCode, `Partition ${partition.partitionIndex} of ${topic.name}`),
        )
      }
    }
  } catch (error) {
    ask.found.stale = true
    const what = `The offsets of ${count(ask.topics)} partitions on broker ${ask.broker.nodeId}`
    ask.found.problems.push(problemOf({ kind: "node", node: ask.broker.nodeId }, error, what))
  }
}

function count(topics: LeaderTopics[]): number {
  return topics.reduce((sum, topic) => sum + topic.partitions.length, 0)
}

function leaderless(topics: LeaderTopics[]): Problem[] {
  const none = 5
  return topics.flatMap((topic) =>
    topic.partitions.map((partition) =>
      problem(
        { kind: "destination", destination: topic.name, partition },
        none,
        `Partition ${partition} of ${topic.name}`,
      ),
    ),
  )
}

function emptyOffsets(topics: TopicInfo[]): Map<string, (bigint | null)[]> {
  return new Map(
    topics.map((topic) => {
      const size = Math.max(0, ...topic.partitions.map((partition) => partition.index + 1))
      return [topic.name, Array.from({ length: size }, () => null)]
    }),
  )
}

function byLeader(topics: TopicInfo[]): Map<number, LeaderTopics[]> {
  const leaders = new Map<number, LeaderTopics[]>()
  for (const topic of topics) {
    for (const partition of topic.partitions) {
      const list = leaders.get(partition.leader) ?? []
      leaders.set(partition.leader, list)
      const last = list.at(-1)
      if (last?.name === topic.name) last.partitions.push(partition.index)
      else list.push({ name: topic.name, partitions: [partition.index] })
    }
  }
  return leaders
}
