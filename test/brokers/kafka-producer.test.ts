import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, inject, it } from "vitest"
import { connectKafka, createTopic, kafkaClient, unique } from "./kafka-world.ts"
import { newMessage, testProducer } from "./producer-contract.ts"

testProducer("Kafka", {
  connect: () => connectKafka(inject("kafkaBootstrap")),
  destination: async (partitions) => {
    const topic = unique("parcels")
    await createTopic(kafkaClient(), topic, { partitions, replicas: 3 })
    return topic
  },
  committed: readCommitted,
})

describe("Kafka's producer", () => {
  it("puts a key where the Java client puts it", async () => {
    const topic = unique("keyed")
    await createTopic(kafkaClient(), topic, { partitions: 5 })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    // murmur2 of these keys as Kafka's own UtilsTest states them: -790332482, -973932308.
    const messages = ["foobar", "21"].map((key) => newMessage(topic, { key: Buffer.from(key) }))
    const positions = await broker.producer?.send(messages, AbortSignal.timeout(10_000))
    expect(positions?.map((one) => one.partition)).toEqual([
      (-790332482 & 0x7fffffff) % 5,
      (-973932308 & 0x7fffffff) % 5,
    ])
  })
})

/** As a consumer with isolation.level=read_committed sees it, once it has reached the end. */
async function readCommitted(topic: string): Promise<string[]> {
  const kafka = kafkaClient()
  const consumer = kafka.consumer({ groupId: unique("count"), readUncommitted: false, maxWaitTimeInMs: 100 })
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ""),
  })
  let seen = -1
  while (seen !== values.length) {
    seen = values.length
    await sleep(seen <= 0 ? 5000 : 3000)
  }
  await consumer.disconnect()
  return values
}
