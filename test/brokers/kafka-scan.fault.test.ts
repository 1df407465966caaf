import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import type { Broker, Message } from "#server/brokers/broker.ts"
import { startKafka } from "#test/stack/kafka/kafka.ts"
import { collect } from "./collect.ts"
import { connectKafka, createTopic, kafkaClient, produce } from "./kafka-world.ts"

async function leaderOf(broker: Broker): Promise<number | null> {
  const described = await broker.describe({ destinations: ["orders"] }, AbortSignal.timeout(8000))
  return described.destinations[0]?.partitions[0]?.leader ?? null
}

describe("the leader of a partition that is scanned is killed", () => {
  it("goes on with the next leader, without a gap and without a double", async () => {
    await using cluster = await startKafka({ brokers: 3 })
    const kafka = kafkaClient(cluster.bootstrap)
    await createTopic(kafka, "orders", { partitions: 1, replicas: 3, config: { "min.insync.replicas": "2" } })
    const some = (from: number) =>
      Array.from({ length: 100 }, (_, i) => ({ partition: 0, value: `${from + i}` }))
    await produce(kafka, "orders", some(0))
    await using broker = connectKafka(cluster.bootstrap)
    const stop = new AbortController()
    const range = { destination: "orders", partition: 0, from: 0n, to: null }
    const read: Message[] = []
    const following = (async () => {
      for await (const batch of broker.messages?.scan(range, stop.signal) ?? []) read.push(...batch.messages)
    })()
    while (read.length < 100) await sleep(50)
    const first = await leaderOf(broker)
    await cluster.nodes.find((node) => node.id === first)?.kill()
    for (let now = first; now === first || now === null; now = await leaderOf(broker)) await sleep(500)
    await produce(kafka, "orders", some(100))
    const waited = Date.now() + 30_000
    while (read.length < 200 && Date.now() < waited) await sleep(50)
    stop.abort()
    await expect(following).resolves.toBeUndefined()
    expect(read.map((message) => message.value?.toString())).toEqual(
      Array.from({ length: 200 }, (_, i) => `${i}`),
    )
  })

  it("says which partition has no leader, soon", async () => {
    await using cluster = await startKafka({ brokers: 3 })
    const kafka = kafkaClient(cluster.bootstrap)
    await createTopic(kafka, "alone", { partitions: 3, replicas: 1 })
    await using broker = connectKafka(cluster.bootstrap)
    const described = await broker.describe({ destinations: ["alone"] }, AbortSignal.timeout(8000))
    const [partition] = described.destinations[0]?.partitions ?? []
    await cluster.nodes.find((node) => node.id === partition?.leader)?.kill()
    const range = { destination: "alone", partition: partition?.index ?? 0, from: 0n, to: 1n }
    const scanning = collect(broker.messages?.scan(range, AbortSignal.timeout(40_000)))
    await expect(scanning).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("Partition 0 of alone"),
    })
  })
})
