import { type EachBatchPayload, Kafka, logLevel, type SASLOptions } from "kafkajs"
import { isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { fromJson } from "../otlp/json.ts"
import type { Receiver } from "./receiver.ts"

/** Where spans are read from. */
export interface KafkaSource {
  brokers: string[]
  topic: string
  group: string
  tls: boolean
  sasl: { username: string; password: string } | null
}

const OPENING_BRACE = 0x7b
/** Requests that are decoded and committed at the same time. */
const AT_ONCE = 32

/**
 * Reads OTLP from a topic as the Collector's Kafka exporter writes it (otlp_proto or otlp_json: one ExportTraceServiceRequest
 * a record, plain or compressed by Kafka). Any number of receivers share a group. Offsets are committed after the spans are:
 * what is read again after a failure is known by its content and stored once. The function that is returned stops it.
 */
export async function consumeSpans(
  { receiver, log }: { receiver: Receiver; log: Logger },
  source: KafkaSource,
): Promise<() => Promise<void>> {
  const { brokers, topic, group, tls, sasl } = source
  const kafka = new Kafka({
    clientId: "signalbox-receiver",
    brokers,
    ssl: tls,
    ...(sasl ? { sasl: { mechanism: "scram-sha-512", ...sasl } satisfies SASLOptions } : {}),
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ log: { message, ...fields } }) =>
        log.warn({ kafka: fields }, message),
    retry: { retries: Number.MAX_SAFE_INTEGER, maxRetryTime: 30_000 },
  })
  const consumer = kafka.consumer({ groupId: group, maxBytes: 16 << 20 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: (payload) => takeBatch({ receiver, log }, payload),
  })
  return () => consumer.disconnect()
}

async function takeBatch(
  { receiver, log }: { receiver: Receiver; log: Logger },
  payload: EachBatchPayload,
): Promise<void> {
  const { batch, heartbeat, resolveOffset, commitOffsetsIfNecessary, isRunning, isStale } = payload
  const { messages } = batch
  for (let at = 0; at < messages.length && isRunning() && !isStale(); at += AT_ONCE) {
    const some = messages.slice(at, at + AT_ONCE)
    await Promise.all(
      some.map(({ value, offset }) => take({ receiver, log }, value, `${batch.partition}/${offset}`)),
    )
    const last = some.at(-1)
    if (last) resolveOffset(last.offset)
    await commitOffsetsIfNecessary({
      topics: [
        {
          topic: batch.topic,
          partitions: [{ partition: batch.partition, offset: String(BigInt(last?.offset ?? 0) + 1n) }],
        },
      ],
    })
    await heartbeat()
  }
}

/** Stores a record; one that is no spans is left out, and told in the log. Rejects while the database is away: it is read again. */
async function take(
  { receiver, log }: { receiver: Receiver; log: Logger },
  value: Buffer | null,
  place: string,
): Promise<void> {
  if (value === null || value.length === 0) return
  try {
    await receiver.receive(value[0] === OPENING_BRACE ? fromJson(value.toString()) : value)
  } catch (error) {
    if (!isDomainError(error) || error.code !== "bad_input") throw error
    log.warn({ err: error, place }, "a record of the topic of spans is no OTLP; it is left out")
  }
}
