import { describe, expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import type { Broker, Message } from "#server/brokers/broker.ts"
import { until } from "#test/until.ts"
import { collect } from "./collect.ts"
import { connectKafka, createTopic, kafkaClient, produce } from "./kafka-world.ts"

async function leaderOf(broker: Broker): Promise<number | null> {
  const described = await broker.describe({ destinations: ["orders"] }, AbortSignal.timeout(60_000))
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
    await until("the first hundred are read", () => read.length >= 100)
    const first = await leaderOf(broker)
    await cluster.nodes.find((node) => node.id === first)?.kill()
    await until("there is another leader", async () => ![first, null].includes(await leaderOf(broker)))
    await produce(kafka, "orders", some(100))
    await until("the second hundred is read", () => read.length >= 200)
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
    const described = await broker.describe({ destinations: ["alone"] }, AbortSignal.timeout(60_000))
    const [partition] = described.destinations[0]?.partitions ?? []
    await cluster.nodes.find((node) => node.id === partition?.leader)?.kill()
    const range = { destination: "alone", partition: partition?.index ?? 0, from: 0n, to: 1n }
    const scanning = collect(broker.messages?.scan(range, AbortSignal.timeout(60_000)))
    await expect(scanning).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("Partition 0 of alone"),
    })
  })
})
