import { setImmediate as turn } from "node:timers/promises"
import { Kafka, logLevel } from "kafkajs"
import type { Broker } from "#server/brokers/broker.ts"
import { KafkaClient } from "#server/brokers/kafka/client.ts"
import { LeaderOf } from "#server/brokers/kafka/leader-of.ts"
import { splitBatches } from "#server/brokers/kafka/record-batch.ts"
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
  /** Most memory that was resident at once, bytes. */
  rss: number
  found: number
}

function connectionOf(world: World) {
  return systems.kafka.connection.parse({ bootstrap: world.bootstrap })
}

/** Runs `work` with a look at the clock, the processor and the memory of this process. */
async function measured(work: () => Promise<{ messages: number; found: number }>): Promise<Measured> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const began = performance.now()
  let rss = 0
  const watch = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss())
  }, 50)
  const done = await work()
  clearInterval(watch)
  const used = process.cpuUsage(cpu)
  const seconds = (performance.now() - began) / 1000
  return { ...done, seconds, cpuSeconds: (used.user + used.system) / 1e6, rss }
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
    return { messages, found: search.found.length }
  })
}

/** The floor: the same bytes fetched by the same client, split into batches and thrown away. */
export function measureFetch(world: World): Promise<Measured> {
  return measured(async () => {
    await using client = new KafkaClient(connectionOf(world), "bench-floor")
    const counts = Array.from({ length: world.partitions }, async (_, partition) => {
      const range = { destination: world.topic, partition, from: 0n, to: BigInt(world.each) }
      const leader = new LeaderOf(client, range, AbortSignal.timeout(600_000))
      let next = 0n
      while (next < range.to) {
        next = splitBatches((await leader.fetch(next)).records).at(-1)?.next ?? next
        await turn()
      }
      return Number(next)
    })
    const messages = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0)
    return { messages, found: 0 }
  })
}

/** What a program of one's own would do with kafkajs: consume all of it and look into each value. */
export function measureKafkajs(world: World, text: string): Promise<Measured> {
  return measured(async () => {
    const kafka = new Kafka({ brokers: world.bootstrap, logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: `bench-${Date.now()}`, maxBytesPerPartition: 1 << 21 })
    await consumer.connect()
    await consumer.subscribe({ topics: [world.topic], fromBeginning: true })
    const needle = Buffer.from(text)
    let messages = 0
    let found = 0
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          partitionsConsumedConcurrently: world.partitions,
          eachBatch: async ({ batch }) => {
            for (const message of batch.messages) if (message.value?.includes(needle)) found += 1
            messages += batch.messages.length
            if (messages >= world.each * world.partitions) resolve()
          },
        })
        .catch(reject)
    })
    await consumer.disconnect()
    return { messages, found }
  })
}
