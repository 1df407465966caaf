import { Partitioners } from "kafkajs"
import { DomainError } from "#server/errors.ts"
import type { NewMessage } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { fetchMetadata, type TopicInfo } from "./metadata.ts"

/** What goes to one partition, in order. */
export interface Lane {
  topic: string
  partition: number
  /** Messages with their place in what the caller gave; those of one batch are appended together. */
  batches: { message: NewMessage; place: number }[][]
}

/** Below the default of max.message.bytes, which limits a whole batch. */
const BATCH_BYTES = 512 << 10
/** What a record costs beside its own bytes, at the most. */
const RECORD_BYTES = 40

/** Murmur2 of the key, as the Java client does; without a key one partition after the other. */
const choose = Partitioners.DefaultPartitioner()

/** Gives every message its partition. Throws `not_found` for a topic, `bad_input` for a partition that is not there. */
export async function toLanes(
  client: KafkaClient,
  messages: readonly NewMessage[],
  signal: AbortSignal,
): Promise<Lane[]> {
  const metadata = await fetchMetadata(client, [...new Set(messages.map((one) => one.destination))], signal)
  const topics = new Map(metadata.topics.map((topic) => [topic.name, topic]))
  const lanes = new Map<string, Lane>()
  for (const [place, message] of messages.entries()) {
    const topic = topics.get(message.destination)
    if (!topic)
      throw new DomainError(
        "not_found",
        metadata.problems[0]?.message ?? `There is no topic ${message.destination}.`,
      )
    const partition = partitionOf(topic, message)
    const key = `${partition}:${topic.name}`
    const lane = lanes.get(key) ?? { topic: topic.name, partition, batches: [] }
    lanes.set(key, lane)
    add(lane, { message, place })
  }
  return [...lanes.values()]
}

function partitionOf(topic: TopicInfo, message: NewMessage): number {
  if (message.partition === null) return chosen(topic, message.key)
  if (topic.partitions.some((one) => one.index === message.partition)) return message.partition
  const there = `${topic.name} has ${topic.partitions.length} partitions`
  throw new DomainError("bad_input", `${there}, from 0 on; there is no partition ${message.partition}.`)
}

function chosen(topic: TopicInfo, key: Buffer | null): number {
  const partitionMetadata = topic.partitions.map((one) => ({
    partitionErrorCode: 0,
    partitionId: one.index,
    leader: one.leader,
    replicas: one.replicas,
    isr: one.isr,
  }))
  return choose({ topic: topic.name, partitionMetadata, message: { key, value: null } })
}

function add(lane: Lane, item: { message: NewMessage; place: number }): void {
  const last = lane.batches.at(-1)
  const used = last?.reduce((sum, one) => sum + sizeOf(one.message), 0) ?? 0
  if (last && used + sizeOf(item.message) <= BATCH_BYTES) last.push(item)
  else lane.batches.push([item])
}

function sizeOf(message: NewMessage): number {
  const headers = message.headers.reduce(
    (sum, header) => sum + header.key.length + (header.value?.length ?? 0) + 10,
    0,
  )
  return RECORD_BYTES + (message.key?.length ?? 0) + (message.value?.length ?? 0) + headers
}
