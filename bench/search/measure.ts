import { setImmediate as turn } from "node:timers/promises"
import { Kafka, logLevel } from "kafkajs"
import type { Broker } from "#server/brokers/broker.ts"
import { KafkaClient } from "#server/brokers/kafka/client.ts"
import { LeaderOf } from "#server/brokers/kafka/leader-of.ts"
import { openBatchNow, type RawBatch, splitBatches, takeFrom } from "#server/brokers/kafka/record-batch.ts"
import { systems } from "#server/brokers/systems.ts"
import { noMask } from "#server/messages/masking/mask.ts"
import { type Question, question } from "#server/messages/search/question.ts"
import { runSearch } from "#server/messages/search/run.ts"

export interface World {
  bootstrap: string[]
  topic: string
  /** Messages on each partition. */
  each: number
  partitions: number
}

export interface Measured {
  messages: number
  seconds: number
  /** Of this process. */
  cpuSeconds: number
  /** As they came over the network, compressed as they were. */
  bytes: number
  found: number
}

type Done = Pick<Measured, "messages" | "bytes" | "found">

function connectionOf(world: World) {
  return systems.kafka.connection.parse({ bootstrap: world.bootstrap })
}

/** Runs `work` with a look at the clock and the processor. */
async function measured(work: () => Promise<Done>): Promise<Measured> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const done = await work()
  const used = process.cpuUsage(cpu)
  const seconds = (performance.now() - began) / 1000
  return { ...done, seconds, cpuSeconds: (used.user + used.system) / 1e6 }
}

/** A search as the product runs it, all partitions. */
export function measureSearch(world: World, match: Question["match"]): Promise<Measured> {
  return measured(async () => {
    await using broker: Broker = systems.kafka.connect(connectionOf(world), {
      clientId: "bench",
      log: () => undefined,
    })
    const partitions = Array.from({ length: world.partitions }, (_, partition) => ({
      partition,
      from: "0",
      to: String(world.each),
      next: "0",
      scanned: 0,
      bytes: 0,
      matched: 0,
      state: "waiting" as const,
      problem: null,
    }))
    const lens = { key: "auto" as const, value: "auto" as const, mask: noMask, registry: null }
    const asked = question.parse({ match, limit: 10_000 })
    const search = { broker, destination: world.topic, question: asked, lens, partitions, found: [] }
    await runSearch(search, AbortSignal.timeout(600_000))
    const messages = partitions.reduce((sum, one) => sum + one.scanned, 0)
    const bytes = partitions.reduce((sum, one) => sum + one.bytes, 0)
    return { messages, bytes, found: search.found.length }
  })
}

/** The floor: the same bytes fetched by the same client, split into batches and thrown away. */
export function measureFetch(world: World): Promise<Measured> {
  return measured(() => fetchAll(world, (batch) => Number(batch.next - batch.first)))
}

/** What comes next: the same, and each batch unpacked into its messages. */
export function measureUnpack(world: World): Promise<Measured> {
  return measured(() =>
    fetchAll(
      world,
      (batch) =>
        takeFrom(openBatchNow(batch), { from: 0n, to: null, bytes: Number.POSITIVE_INFINITY }).messages
          .length,
    ),
  )
}

/** Fetches all partitions at once; `count` tells how many messages a batch has. */
async function fetchAll(world: World, count: (batch: RawBatch) => number): Promise<Done> {
  await using client = new KafkaClient(connectionOf(world), "bench-floor")
  const sum = { messages: 0, bytes: 0, found: 0 }
  const all = Array.from({ length: world.partitions }, async (_, partition) => {
    const range = { destination: world.topic, partition, from: 0n, to: BigInt(world.each) }
    const leader = new LeaderOf(client, range, AbortSignal.timeout(600_000))
    for (let next = 0n; next < range.to; await turn()) {
      const fetched = await leader.fetch(next)
      for (const batch of splitBatches(fetched.records, fetched)) {
        sum.messages += count(batch)
        sum.bytes += batch.bytes.length
        next = batch.next
      }
    }
  })
  await Promise.all(all)
  return sum
}

/** What a program of one's own would do with kafkajs: consume all of it and look into each value. */
export function measureKafkajs(world: World, text: string): Promise<Measured> {
  return measured(async () => {
    const kafka = new Kafka({ brokers: world.bootstrap, logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: `bench-${Date.now()}`, maxBytesPerPartition: 1 << 21 })
    await consumer.connect()
    await consumer.subscribe({ topics: [world.topic], fromBeginning: true })
    const needle = Buffer.from(text)
    const sum = { messages: 0, bytes: 0, found: 0 }
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          partitionsConsumedConcurrently: world.partitions,
          eachBatch: async ({ batch }) => {
            for (const { key, value } of batch.messages) {
              sum.bytes += (key?.length ?? 0) + (value?.length ?? 0)
              if (value?.includes(needle)) sum.found += 1
            }
            sum.messages += batch.messages.length
            if (sum.messages >= world.each * world.partitions) resolve()
          },
        })
        .catch(reject)
    })
    await consumer.disconnect()
    return sum
  })
}
