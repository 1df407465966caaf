import { setTimeout as sleep } from "node:timers/promises"
import type { Tracer } from "@opentelemetry/api"
import { Consumer, stringDeserializers } from "@platformatic/kafka"
import { processing } from "./kafka-spans.ts"
import type { Service, ShopContext } from "./shop-context.ts"
import { inSpan } from "./spans.ts"

export interface ModernSubscription<Value> {
  group: string
  topics: string[]
  instances: number
  /** `consumer` is KIP-848, where the broker assigns partitions. */
  protocol: "classic" | "consumer"
  /** Of a member, from 1. */
  tracer: (instance: number) => Tracer
  handle: (value: Value) => Promise<void> | void
}

const COMMIT_MS = 1000
/** After so long without a message, or so many commits that failed, a member begins anew: its topics are never silent. */
const SILENCE_MS = 60_000
const MAX_FAILED_COMMITS = 10

/** A group read by @platformatic/kafka: for the new group protocol, and for topics with codecs that kafkajs lacks. */
export function subscribeModern<Value>(shop: ShopContext, subscription: ModernSubscription<Value>): Service {
  const members = Array.from({ length: subscription.instances }, (_, index) =>
    keepReading(shop, subscription, index + 1),
  )
  return {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(members.map((member) => member[Symbol.asyncDispose]()))
    },
  }
}

function keepReading<Value>(
  shop: ShopContext,
  subscription: ModernSubscription<Value>,
  instance: number,
): Service {
  const client = `${subscription.group}-${instance}`
  let ended = false
  const tracer = subscription.tracer(instance)
  let consumer: ReturnType<typeof open> | null = null
  const loop = async () => {
    while (!ended) {
      consumer = open(shop, subscription, client)
      // It tells of a rebalance that failed by this event, and ends the process when nobody listens.
      const failed = new Promise<never>((_, reject) => consumer?.on("error", reject))
      try {
        await Promise.race([read(consumer, { ...subscription, tracer, client }, () => ended), failed])
      } catch (error) {
        if (!ended) shop.log(`${client} reads again after: ${error}`)
      }
      await consumer.close(true).catch(() => undefined)
      if (!ended) await sleep(1500)
    }
  }
  const done = loop()
  return {
    [Symbol.asyncDispose]: async () => {
      ended = true
      await consumer?.close(true).catch(() => undefined)
      await done
    },
  }
}

function open<Value>(shop: ShopContext, subscription: ModernSubscription<Value>, clientId: string) {
  const base = {
    clientId,
    groupId: subscription.group,
    bootstrapBrokers: shop.bootstrap,
    deserializers: stringDeserializers,
    maxWaitTime: 1000,
    minBytes: 2048,
    maxBytesPerPartition: 64 << 10,
    highWaterMark: 256,
    retries: 3,
    retryDelay: 500,
  }
  return subscription.protocol === "consumer"
    ? new Consumer({ ...base, groupProtocol: "consumer" })
    : new Consumer({ ...base, sessionTimeout: 10_000, heartbeatInterval: 2000 })
}

async function read<Value>(
  consumer: ReturnType<typeof open>,
  subscription: Omit<ModernSubscription<Value>, "tracer"> & { tracer: Tracer; client: string },
  ended: () => boolean,
): Promise<void> {
  const stream = await consumer.consume({
    topics: subscription.topics,
    mode: "committed",
    fallbackMode: "earliest",
    autocommit: false,
  })
  const handled = new Map<string, { topic: string; partition: number; offset: bigint; leaderEpoch: number }>()
  let [failedCommits, lastAt] = [0, Date.now()]
  const commit = async () => {
    const offsets = [...handled.values()]
    handled.clear()
    if (offsets.length > 0) await consumer.commit({ offsets })
    failedCommits = 0
  }
  const keepCommitting = () => {
    void commit().catch(() => (failedCommits += 1))
    if (failedCommits >= MAX_FAILED_COMMITS) stream.destroy(new Error("its commits fail"))
    if (Date.now() - lastAt > SILENCE_MS) stream.destroy(new Error("it is given no messages"))
  }
  // One that fails is made good by the next: positions only grow.
  const timer = setInterval(keepCommitting, COMMIT_MS)
  try {
    for await (const message of stream) {
      if (ended()) return
      lastAt = Date.now()
      const { topic, partition, offset, value } = message
      if (value) {
        const { group, client, tracer } = subscription
        const headers = Object.fromEntries(message.headers)
        const span = processing({ group, client, topic, partition, offset: String(offset), headers })
        await inSpan(tracer, span, () => subscription.handle(JSON.parse(value) as Value))
      }
      handled.set(`${topic}/${partition}`, { topic, partition, offset: offset + 1n, leaderEpoch: -1 })
    }
  } finally {
    clearInterval(timer)
  }
}
