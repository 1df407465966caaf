import { setTimeout as sleep } from "node:timers/promises"
import type { Context, Tracer } from "@opentelemetry/api"
import { type Consumer, type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from "kafkajs"
import { processing } from "./kafka-spans.ts"
import type { Service, ShopContext } from "./shop-context.ts"
import { inSpan } from "./spans.ts"
import { noTracer } from "./telemetry.ts"

export interface Incoming<Value> {
  topic: string
  partition: number
  message: KafkaMessage
  value: Value
  /** Of the span in which it is processed. */
  at: Context
  /** The member of the group that processes it, from 1. */
  instance: number
}

/** A kafkajs client under the service's own name, so that the broker's operators see who it is. */
export function kafkaJs(shop: ShopContext, clientId: string): Kafka {
  return new Kafka({
    brokers: shop.bootstrap,
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 300, maxRetryTime: 3000, retries: 20 },
  })
}

export interface Subscription<Value> {
  group: string
  topics: string[]
  /** Members of the group. */
  instances?: number
  /** Of a member, from 1; default: it is not instrumented. */
  tracer?: (instance: number) => Tracer
  /** Takes each message as it comes, rather than some together. */
  isPrompt?: boolean
  handle: (incoming: Incoming<Value>) => Promise<void> | void
}

/** A classic consumer group: reads message by message and commits what was handled. */
export function subscribe<Value>(shop: ShopContext, subscription: Subscription<Value>): Promise<Service> {
  const { group, tracer = () => noTracer, handle } = subscription
  const tracers = Array.from({ length: subscription.instances ?? 1 }, (_, index) => tracer(index + 1))
  return subscribeBatches(shop, {
    ...subscription,
    handleBatch: async (
      { batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary },
      { instance },
    ) => {
      const { topic, partition } = batch
      for (const message of batch.messages) {
        if (!isRunning() || isStale()) return
        const value = decode<Value>(message)
        if (value !== null) {
          const of = { group, client: `${group}-${instance}`, topic, partition }
          const span = processing({ ...of, offset: message.offset, headers: message.headers ?? {} })
          await inSpan(tracers[instance - 1] ?? noTracer, span, (at) =>
            handle({ topic, partition, message, value, at, instance }),
          )
        }
        resolveOffset(message.offset)
        await heartbeat()
      }
      await commitOffsetsIfNecessary()
    },
  })
}

/** The JSON of a message; null where there is none (a tombstone). */
export function decode<Value>(message: KafkaMessage): Value | null {
  return message.value ? (JSON.parse(message.value.toString()) as Value) : null
}

export interface BatchSubscription {
  group: string
  topics: string[]
  instances?: number
  isPrompt?: boolean
  /** Offsets are committed by the handler (or by its transaction). */
  handleBatch: (payload: EachBatchPayload, member: Member) => Promise<void>
}

export interface Member {
  consumer: Consumer
  /** From 1. */
  instance: number
}

/** A classic consumer group that is handed whole batches. Comes back by itself when the brokers were away. */
export async function subscribeBatches(shop: ShopContext, subscription: BatchSubscription): Promise<Service> {
  const members = await Promise.all(
    Array.from({ length: subscription.instances ?? 1 }, (_, index) => join(shop, subscription, index + 1)),
  )
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member.disconnect()))
    },
  }
}

async function join(shop: ShopContext, subscription: BatchSubscription, instance: number): Promise<Consumer> {
  const { group, topics, handleBatch, isPrompt } = subscription
  const consumer = kafkaJs(shop, `${group}-${instance}`).consumer({
    groupId: group,
    sessionTimeout: 10_000,
    rebalanceTimeout: 20_000,
    heartbeatInterval: 2000,
    maxWaitTimeInMs: 1000,
    minBytes: isPrompt ? 1 : 2048,
    maxBytesPerPartition: 256 << 10,
    allowAutoTopicCreation: false,
  })
  const run = async () => {
    await consumer.connect()
    await consumer.subscribe({ topics, fromBeginning: true })
    await consumer.run({
      autoCommitInterval: 1000,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: (payload) => handleBatch(payload, { consumer, instance }),
    })
  }
  consumer.on("consumer.crash", ({ payload }) => {
    if (payload.restart || shop.signal.aborted) return
    shop.log(`${group}-${instance} crashed and starts again: ${payload.error.message}`)
    void sleep(2000).then(() => (shop.signal.aborted ? undefined : run().catch(() => undefined)))
  })
  await run()
  return consumer
}
