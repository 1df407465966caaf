import { describe, expect, inject, it } from "vitest"
import { connectKafka, createTopic, kafkaClient, unique } from "./kafka-world.ts"
import { newMessage, testProducer } from "./producer-contract.ts"
import { readCommitted } from "./read-committed.ts"

testProducer("Kafka", {
  connect: () => connectKafka(inject("kafkaBootstrap")),
  destination: async (partitions) => {
    const topic = unique("parcels")
    await createTopic(kafkaClient(), topic, { partitions, replicas: 3 })
    return topic
  },
  committed: (topic) => readCommitted(kafkaClient(), topic),
})

describe("Kafka's producer", () => {
  it("puts a key where the Java client puts it", async () => {
    const topic = unique("keyed")
    await createTopic(kafkaClient(), topic, { partitions: 5 })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    // murmur2 of these keys as Kafka's own UtilsTest states them: -790332482, -973932308.
    const messages = ["foobar", "21"].map((key) => newMessage(topic, { key: Buffer.from(key) }))
    const positions = await broker.producer?.send(messages, AbortSignal.timeout(60_000))
    expect(positions?.map((one) => one.partition)).toEqual([
      (-790332482 & 0x7fffffff) % 5,
      (-973932308 & 0x7fffffff) % 5,
    ])
  })
})
