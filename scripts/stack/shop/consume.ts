import { setTimeout as sleep } from "node:timers/promises"
import { type Consumer, type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from "kafkajs"
import type { Service, ShopContext } from "./shop-context.ts"
import type { Traceparent } from "./traceparent.ts"

export interface Incoming<Value> {
  topic: string
  partition: number
  message: KafkaMessage
  value: Value
  trace: Traceparent | undefined
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
  handle: (incoming: Incoming<Value>) => Promise<void> | void
}

/** A classic consumer group: reads message by message and commits what was handled. */
export function subscribe<Value>(shop: ShopContext, subscription: Subscription<Value>): Promise<Service> {
  return subscribeBatches(shop, {
    ...subscription,
    handleBatch: async ({
      batch,
      resolveOffset,
      heartbeat,
      isRunning,
      isStale,
      commitOffsetsIfNecessary,
    }) => {
      for (const message of batch.messages) {
        if (!isRunning() || isStale()) return
        const value = decode<Value>(message)
        if (value !== null) {
          const trace = message.headers?.traceparent?.toString()
          await subscription.handle({ topic: batch.topic, partition: batch.partition, message, value, trace })
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
  /** Offsets are committed by the handler (or by its transaction). */
  handleBatch: (payload: EachBatchPayload, consumer: Consumer) => Promise<void>
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
  const { group, topics, handleBatch } = subscription
  const consumer = kafkaJs(shop, `${group}-${instance}`).consumer({
    groupId: group,
    sessionTimeout: 10_000,
    rebalanceTimeout: 20_000,
    heartbeatInterval: 2000,
    maxWaitTimeInMs: 1000,
    minBytes: 2048,
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
      eachBatch: (payload) => handleBatch(payload, consumer),
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
