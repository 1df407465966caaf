import { fetchV13, type KafkaRecord, type RecordsBatch } from "@platformatic/kafka"
import type { Message, MessageAt, Position, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import { type BrokerInfo, fetchMetadata, type TopicInfo } from "./metadata.ts"

/** Positions in one Fetch; each brings at least the first batch at its offset, up to this many bytes. */
const BATCH = 40
const BYTES_EACH = 1 << 18
const BYTES_ALONE = 1 << 24

const CONTROL = 1 << 5
const APPEND_TIME = 1 << 3

interface Reading {
  client: KafkaClient
  signal: AbortSignal
  found: MessageAt[]
  problems: Problem[]
}

/** Single messages by position, read with Fetch (KIP-516), which decodes gzip, snappy, lz4 and zstd. */
export async function readMessages(
  client: KafkaClient,
  positions: readonly Position[],
  signal: AbortSignal,
): Promise<{ found: MessageAt[]; problems: Problem[] }> {
  const metadata = await fetchMetadata(client, [...new Set(positions.map((one) => one.destination))], signal)
  const reading: Reading = { client, signal, found: [], problems: [...metadata.problems] }
  const topics = new Map(metadata.topics.map((topic) => [topic.name, topic]))
  const byLeader = Map.groupBy(
    positions.filter((one) => topics.has(one.destination)),
    (one) => leaderOf(topics, one),
  )
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  await Promise.all(
    [...byLeader].map(async ([leader, list]) => {
      const broker = brokers.get(leader)
      if (!broker) {
        for (const position of list) reading.problems.push(problem(partOf(position), 5, nameOf(position)))
        return
      }
      for (const batch of rounds(list)) await readBatch(reading, { broker, topics, batch })
    }),
  )
  return { found: reading.found, problems: reading.problems }
}

function leaderOf(topics: Map<string, TopicInfo>, position: Position): number {
  return topics.get(position.destination)?.partitions[position.partition]?.leader ?? -1
}

/** A Fetch names a partition once, so two offsets of one partition go into two rounds. */
function rounds(positions: Position[]): Position[][] {
  const all: Position[][] = []
  const seen = new Map<string, number>()
  for (const position of positions) {
    const key = `${position.destination}/${position.partition}`
    let round = seen.get(key) ?? 0
    while ((all[round]?.length ?? 0) >= BATCH) round += 1
    all[round] = [...(all[round] ?? []), position]
    seen.set(key, round + 1)
  }
  return all.filter(Boolean)
}

interface FetchBatch {
  broker: BrokerInfo
  topics: Map<string, TopicInfo>
  batch: Position[]
}

async function readBatch(reading: Reading, ask: FetchBatch): Promise<void> {
  const bytes = ask.batch.length === 1 ? BYTES_ALONE : BYTES_EACH
  try {
    const answer = await fetchOnce(reading, ask, bytes)
    for (const position of ask.batch) {
      const uid = ask.topics.get(position.destination)?.uid
      const partition = answer.responses
        .find((topic) => topic.topicId === uid)
        ?.partitions.find((one) => one.partitionIndex === position.partition)
      if (partition?.errorCode !== 0) {
        await readFailed(reading, { ...ask, batch: [position] }, partition)
        continue
      }
      const message = firstAtOrAfter(partition.records ?? [], position.offset)
      const cutShort = message === null && ask.batch.length > 1 && position.offset < partition.highWatermark
      if (cutShort) await readBatch(reading, { ...ask, batch: [position] })
      else reading.found.push({ position, message })
    }
  } catch (error) {
    for (const position of ask.batch)
      reading.problems.push(problemOf(partOf(position), error, nameOf(position)))
  }
}

/** An offset that retention has overtaken: the first message that still exists stands for it. */
async function readFailed(
  reading: Reading,
  ask: FetchBatch,
  partition: { errorCode: number; logStartOffset: bigint } | undefined,
): Promise<void> {
  const position = ask.batch[0]
  if (!position) return
  const overtaken = partition !== undefined && errorName(partition.errorCode) === "OFFSET_OUT_OF_RANGE"
  if (overtaken && partition.logStartOffset > position.offset) {
    const moved = { ...position, offset: partition.logStartOffset }
    const before = reading.found.length
    await readBatch(reading, { ...ask, batch: [moved] })
    const read = reading.found[before]
    if (read) read.position = position
    return
  }
  reading.problems.push(problem(partOf(position), partition?.errorCode ?? -1, nameOf(position)))
}

function fetchOnce(reading: Reading, ask: FetchBatch, bytes: number) {
  const byTopic = Map.groupBy(ask.batch, (position) => ask.topics.get(position.destination)?.uid ?? "")
  const topics = [...byTopic].map(([topicId, positions]) => ({
    topicId,
    partitions: positions.map((position) => ({
      partition: position.partition,
      currentLeaderEpoch: -1,
      fetchOffset: position.offset,
      lastFetchedEpoch: -1,
      partitionMaxBytes: bytes,
    })),
  }))
  const args: Parameters<typeof fetchV13.createRequest> = [0, 0, BYTES_ALONE, 0, 0, -1, topics, [], ""]
  return reading.client.send(ask.broker, fetchV13.api, { args, signal: reading.signal })
}

function firstAtOrAfter(batches: RecordsBatch[], offset: bigint): Message | null {
  for (const batch of batches) {
    if ((batch.attributes & CONTROL) !== 0) continue
    for (const record of batch.records) {
      const at = batch.firstOffset + BigInt(record.offsetDelta)
      if (at >= offset) return toMessage(batch, record)
    }
  }
  return null
}

function toMessage(batch: RecordsBatch, record: KafkaRecord): Message {
  const appended = (batch.attributes & APPEND_TIME) !== 0
  const timestamp = Number(appended ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta)
  return {
    offset: batch.firstOffset + BigInt(record.offsetDelta),
    timestamp: timestamp < 0 ? null : timestamp,
    timestampType: timestamp < 0 ? null : appended ? "append" : "create",
    key: record.key,
    value: record.value,
    headers: record.headers.map(([key, value]) => ({ key: key?.toString("utf8") ?? "", value })),
    control: null,
  }
}

function partOf(position: Position) {
  return { kind: "destination" as const, destination: position.destination, partition: position.partition }
}

function nameOf(position: Position): string {
  return `Offset ${position.offset} of partition ${position.partition} of ${position.destination}`
}
