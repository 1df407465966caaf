import { fetchV13, type KafkaRecord, type RecordsBatch } from "@platformatic/kafka"
import type { Message, MessageAt, Position, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import { EARLIEST, listOffsets } from "./log-offsets.ts"
import { type BrokerInfo, fetchMetadata, type TopicInfo } from "./metadata.ts"
import { abortedAmong, CONTROL, READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"

/** Positions in one Fetch; each brings at least the first batch at its offset, up to this many bytes. */
const BATCH = 40
const BYTES_EACH = 1 << 18
const BYTES_ALONE = 1 << 24

const APPEND_TIME = 1 << 3

interface Reading {
  client: KafkaClient
  topics: Map<string, TopicInfo>
  signal: AbortSignal
  found: MessageAt[]
  problems: Problem[]
}

/** A position, and where it is looked for: retention may have overtaken it. */
interface Seek {
  asked: Position
  offset: bigint
  /** It was found to lie behind the last stable offset. */
  pending?: true
}

type Partition = Awaited<ReturnType<typeof fetchOnce>>["responses"][number]["partitions"][number]

/** Single messages by position, read with Fetch (KIP-516), which decodes gzip, snappy, lz4 and zstd. */
export async function readMessages(
  client: KafkaClient,
  positions: readonly Position[],
  signal: AbortSignal,
): Promise<{ found: MessageAt[]; problems: Problem[] }> {
  const metadata = await fetchMetadata(client, [...new Set(positions.map((one) => one.destination))], signal)
  const topics = new Map(metadata.topics.map((topic) => [topic.name, topic]))
  const reading: Reading = { client, topics, signal, found: [], problems: [...metadata.problems] }
  const seeks = positions
    .filter((asked) => topics.has(asked.destination))
    .map((asked) => ({ asked, offset: asked.offset }))
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  const byLeader = Map.groupBy(seeks, (seek) => leaderOf(topics, seek.asked))
  await Promise.all(
    [...byLeader].map(async ([leader, list]) => {
      const broker = brokers.get(leader)
      if (broker) for (const batch of rounds(list)) await readBatch(reading, broker, batch)
      else for (const { asked } of list) reading.problems.push(problem(partOf(asked), 5, nameOf(asked)))
    }),
  )
  return { found: reading.found, problems: reading.problems }
}

function leaderOf(topics: Map<string, TopicInfo>, position: Position): number {
  const partitions = topics.get(position.destination)?.partitions
  return partitions?.find((one) => one.index === position.partition)?.leader ?? -1
}

/** A Fetch names a partition once, so two offsets of one partition go into two rounds. */
function rounds(seeks: Seek[]): Seek[][] {
  const all: Seek[][] = []
  const seen = new Map<string, number>()
  for (const seek of seeks) {
    const key = `${seek.asked.destination}/${seek.asked.partition}`
    let round = seen.get(key) ?? 0
    while ((all[round]?.length ?? 0) >= BATCH) round += 1
    all[round] = [...(all[round] ?? []), seek]
    seen.set(key, round + 1)
  }
  return all.filter(Boolean)
}

/** First as read committed, since only then Fetch tells what was aborted; then what lies behind the last stable offset. */
async function readBatch(reading: Reading, broker: BrokerInfo, batch: Seek[]): Promise<void> {
  const again: Seek[] = []
  const behind: Seek[] = []
  const outside: Seek[] = []
  try {
    const answer = await fetchOnce(reading, broker, batch)
    for (const seek of batch) {
      const { asked, offset } = seek
      const uid = reading.topics.get(asked.destination)?.uid
      const partition = answer.responses
        .find((topic) => topic.topicId === uid)
        ?.partitions.find((one) => one.partitionIndex === asked.partition)
      const code = partition?.errorCode ?? -1
      if (errorName(code) === "OFFSET_OUT_OF_RANGE") outside.push(seek)
      if (partition?.errorCode !== 0) {
        if (!outside.includes(seek)) reading.problems.push(problem(partOf(asked), code, nameOf(asked)))
        continue
      }
      const message = firstAtOrAfter(partition, seek)
      const missed = message === null && offset < partition.highWatermark
      if (missed && !seek.pending && offset >= partition.lastStableOffset) behind.push(seek)
      else if (missed && batch.length > 1) again.push(seek)
      else if (missed && !seek.pending) behind.push(seek)
      else reading.found.push({ position: asked, message })
    }
  } catch (error) {
    for (const { asked } of batch) reading.problems.push(problemOf(partOf(asked), error, nameOf(asked)))
    return
  }
  if (outside.length > 0) again.push(...(await toFirst(reading, broker, outside)))
  if (behind.length > 0)
    await readBatch(
      reading,
      broker,
      behind.map((seek) => ({ ...seek, pending: true })),
    )
  for (const seek of again) await readBatch(reading, broker, [seek])
}

/**
 * Where retention has overtaken a position, the first message that still exists stands for it. Fetch does not tell
 * where that is (its log start offset is then -1), ListOffsets does. A position past the end has no message.
 */
async function toFirst(reading: Reading, broker: BrokerInfo, outside: Seek[]): Promise<Seek[]> {
  const byTopic = Map.groupBy(outside, (seek) => seek.asked.destination)
  const topics = [...byTopic].flatMap(([name, seeks]) => {
    const topic = reading.topics.get(name)
    const wanted = new Set(seeks.map((seek) => seek.asked.partition))
    return topic ? [{ ...topic, partitions: topic.partitions.filter((one) => wanted.has(one.index)) }] : []
  })
  const request = { timestamp: EARLIEST, isolation: READ_UNCOMMITTED, signal: reading.signal } as const
  const first = await listOffsets(reading.client, { brokers: [broker], topics }, request)
  reading.problems.push(...first.problems)
  return outside.flatMap(({ asked, offset }) => {
    const start = first.offsets.get(asked.destination)?.[asked.partition] ?? null
    if (start === null) return []
    if (start > offset) return [{ asked, offset: start }]
    reading.found.push({ position: asked, message: null })
    return []
  })
}

function fetchOnce(reading: Reading, broker: BrokerInfo, batch: Seek[]) {
  const bytes = batch.length === 1 ? BYTES_ALONE : BYTES_EACH
  const byTopic = Map.groupBy(batch, (seek) => reading.topics.get(seek.asked.destination)?.uid ?? "")
  const topics = [...byTopic].map(([topicId, seeks]) => ({
    topicId,
    partitions: seeks.map((seek) => ({
      partition: seek.asked.partition,
      currentLeaderEpoch: -1,
      fetchOffset: seek.offset,
      lastFetchedEpoch: -1,
      partitionMaxBytes: bytes,
    })),
  }))
  const isolation = batch[0]?.pending ? READ_UNCOMMITTED : READ_COMMITTED
  const args: Parameters<typeof fetchV13.createRequest> = [
    0,
    0,
    BYTES_ALONE,
    isolation,
    0,
    -1,
    topics,
    [],
    "",
  ]
  return reading.client.send(broker, fetchV13.api, { args, signal: reading.signal })
}

function firstAtOrAfter(partition: Partition, { offset, pending }: Seek): Message | null {
  const isAborted = abortedAmong(partition.abortedTransactions)
  for (const batch of partition.records ?? []) {
    const next = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n
    const aborted = isAborted({ ...batch, next })
    if ((batch.attributes & CONTROL) !== 0) continue
    for (const record of batch.records) {
      const at = batch.firstOffset + BigInt(record.offsetDelta)
      if (at >= offset) return toMessage(batch, record, pending ? "pending" : aborted ? "aborted" : null)
    }
  }
  return null
}

function toMessage(batch: RecordsBatch, record: KafkaRecord, withheld: Message["withheld"]): Message {
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
    withheld,
  }
}

function partOf(position: Position) {
  return { kind: "destination" as const, destination: position.destination, partition: position.partition }
}

function nameOf(position: Position): string {
  return `Offset ${position.offset} of partition ${position.partition} of ${position.destination}`
}
