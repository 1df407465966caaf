import { type MessageRecord, NumericMap, produceV9 } from "@platformatic/kafka"
import type { NewMessage, Position } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import type { Lane } from "./lanes.ts"
import { fetchMetadata } from "./metadata.ts"
import { Refused, retrying } from "./retry.ts"

/** Who produces: brokers drop what the same producer sends again (KIP-98), so that every request may be repeated. */
export interface ProducerIdentity {
  transactionalId: string | null
  producerId: bigint
  producerEpoch: number
  /** Number of the next message, by `topic:partition`. */
  sequences: NumericMap
}

const ACKS_ALL = -1
const BROKER_TIMEOUT_MS = 7000
/** Sequence numbers are 31 bits long and begin again at 0. */
const SEQUENCES = 2 ** 31
const MESSAGE_TOO_LARGE = 10

/** Appends the lanes, batch after batch, acknowledged by all in-sync replicas. Answers positions in the places given. */
export async function produce(
  client: KafkaClient,
  lanes: readonly Lane[],
  as: { identity: ProducerIdentity; signal: AbortSignal },
): Promise<Position[]> {
  const positions: Position[] = []
  let waiting = lanes.map((lane) => ({ ...lane, batches: [...lane.batches] }))
  while (waiting.length > 0) {
    await retrying(as.signal, async () => {
      waiting = waiting.filter((lane) => lane.batches.length > 0)
      if (waiting.length > 0) await appendHeads(client, waiting, { ...as, positions })
    })
  }
  return positions
}

type Appending = { identity: ProducerIdentity; signal: AbortSignal; positions: Position[] }

/** One batch of every lane, one request a leader. Takes off what was appended; throws for the rest. */
async function appendHeads(client: KafkaClient, lanes: Lane[], how: Appending): Promise<void> {
  const metadata = await fetchMetadata(client, [...new Set(lanes.map((lane) => lane.topic))], how.signal)
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  const leaders = new Map(
    metadata.topics.flatMap((topic) =>
      topic.partitions.map((partition): [string, number] => [
        `${topic.name}:${partition.index}`,
        partition.leader,
      ]),
    ),
  )
  const byLeader = Map.groupBy(lanes, (lane) => leaders.get(nameOf(lane)) ?? -1)
  const outcomes = await Promise.allSettled(
    [...byLeader].map(async ([leader, theirs]) => {
      const broker = brokers.get(leader)
      if (!broker) throw new Refused(5)
      const { transactionalId, producerId, producerEpoch, sequences } = how.identity
      const records = theirs.flatMap((lane) => (lane.batches[0] ?? []).map((one) => toRecord(lane, one)))
      const options = { transactionalId, producerId, producerEpoch, sequences }
      const answer = await client.send(broker, produceV9.api, {
        args: [ACKS_ALL, BROKER_TIMEOUT_MS, records, options],
        signal: how.signal,
      })
      if (typeof answer !== "boolean") takeOff(theirs, answer.responses, how)
    }),
  )
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason
}

interface Answered {
  name: string
  partitionResponses: { index: number; errorCode: number; baseOffset: bigint }[]
}

function takeOff(lanes: Lane[], answered: Answered[], how: Appending): void {
  let failed: number | null = null
  for (const lane of lanes) {
    const topic = answered.find((one) => one.name === lane.topic)
    const answer = topic?.partitionResponses.find((one) => one.index === lane.partition)
    const batch = lane.batches[0] ?? []
    const code = answer?.errorCode ?? 5
    if (code === MESSAGE_TOO_LARGE && batch.length > 1) {
      const half = batch.length >> 1
      lane.batches.splice(0, 1, batch.slice(0, half), batch.slice(half))
    } else if (code !== 0) failed = code
    else {
      lane.batches.shift()
      const { sequences } = how.identity
      const next = sequences.getWithDefault(nameOf(lane), 0) + batch.length
      sequences.set(nameOf(lane), next % SEQUENCES)
      for (const [delta, { place }] of batch.entries()) {
        const offset = (answer?.baseOffset ?? 0n) + BigInt(delta)
        how.positions[place] = { destination: lane.topic, partition: lane.partition, offset }
      }
    }
  }
  if (failed !== null) throw new Refused(failed)
}

export function newSequences(): NumericMap {
  return new NumericMap()
}

function nameOf(lane: Lane): string {
  return `${lane.topic}:${lane.partition}`
}

/** A null key or value is written as null (a tombstone); the library's types do not say so. */
function toRecord(lane: Lane, { message }: { message: NewMessage }): MessageRecord {
  const record = {
    topic: lane.topic,
    partition: lane.partition,
    key: message.key,
    value: message.value,
    headers: new HeaderList(message.headers),
    timestamp: BigInt(message.timestamp ?? Date.now()),
  }
  return record as unknown as MessageRecord
}

/**
 * Headers as the library writes them, which asks only for the size and the entries: so a name may come twice, the order
 * stays, and a value may be null, all of which Kafka allows.
 */
class HeaderList extends Map<Buffer, Buffer | null> {
  readonly #entries: [Buffer, Buffer | null][]

  constructor(headers: NewMessage["headers"]) {
    super()
    this.#entries = headers.map(({ key, value }) => [Buffer.from(key), value])
  }

  override get size(): number {
    return this.#entries?.length ?? 0
  }

  override [Symbol.iterator](): MapIterator<[Buffer, Buffer | null]> {
    return this.#entries.values()
  }
}
