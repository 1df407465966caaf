import { isDomainError } from "#server/errors.ts"
import type { Message, MessageAt, Position, Problem } from "../broker.ts"
import { ownMessage } from "../own-message.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import { type FetchedPartition, fetchPacked, fetchPositionsArgs } from "./fetch.ts"
import { EARLIEST, listOffsets } from "./log-offsets.ts"
import { type BrokerInfo, fetchMetadata, type TopicInfo } from "./metadata.ts"
import { isEmptyBatch, openBatch, splitBatches, takeFrom } from "./record-batch.ts"
import { READ_UNCOMMITTED } from "./transactions.ts"

/** Positions in one Fetch; each brings at least the first batch at its offset, up to this many bytes. */
const BATCH = 40
const BYTES_EACH = 1 << 18
const BYTES_ALONE = 1 << 24

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

/** Single messages by position, read with Fetch (KIP-516). What cannot be read is named, each for itself. */
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
      const partition = answer.partitions.find(
        (one) => one.topicId === uid && one.partition === asked.partition,
      )
      const code = partition?.errorCode ?? -1
      if (errorName(code) === "OFFSET_OUT_OF_RANGE") outside.push(seek)
      if (partition?.errorCode !== 0) {
        if (!outside.includes(seek)) reading.problems.push(problem(partOf(asked), code, nameOf(asked)))
        continue
      }
      const message = await firstAtOrAfter(partition, seek).catch((error: unknown) => {
        if (!isDomainError(error)) throw error
        reading.problems.push(problemOf(partOf(asked), error, nameOf(asked)))
        return undefined
      })
      if (message === undefined) continue
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
  const asks = batch.map(({ asked, offset }) => ({
    topicId: reading.topics.get(asked.destination)?.uid ?? "",
    partition: asked.partition,
    offset,
  }))
  const args = fetchPositionsArgs(asks, {
    bytesEach: batch.length === 1 ? BYTES_ALONE : BYTES_EACH,
    bytes: BYTES_ALONE,
    committed: !batch[0]?.pending,
  })
  return reading.client.send(broker, fetchPacked, { args, signal: reading.signal })
}

/** Only the batch that holds it is decompressed. Rejects with a DomainError when that cannot be read. */
async function firstAtOrAfter(
  { records, aborted }: FetchedPartition,
  { offset, pending }: Seek,
): Promise<Message | null> {
  for (const batch of splitBatches(records, { aborted, pending: pending ?? false })) {
    if (batch.next <= offset || isEmptyBatch(batch)) continue
    using open = await openBatch(batch)
    const { messages, problem } = takeFrom(open, { from: offset, to: null, bytes: 0 })
    const [message] = messages
    if (problem && message?.offset !== offset) throw problem
    if (message) return ownMessage(message)
  }
  return null
}

function partOf(position: Position) {
  return { kind: "destination" as const, destination: position.destination, partition: position.partition }
}

function nameOf(position: Position): string {
  return `Offset ${position.offset} of partition ${position.partition} of ${position.destination}`
}
