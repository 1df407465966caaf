import type { Kafka } from "kafkajs"
import { until } from "#test/until.ts"
import { produce, unique } from "./kafka-world.ts"

const LAST = "the last message: "

/**
 * Values of all committed messages of a topic, as a consumer with isolation.level=read_committed sees them. Knows that
 * nothing more comes by a message of its own at the end of each partition, which later calls leave out.
 */
export async function readCommitted(kafka: Kafka, topic: string): Promise<string[]> {
  const last = unique(LAST)
  const partitions = await partitionsOf(kafka, topic)
  await produce(
    kafka,
    topic,
    partitions.map((partition) => ({ partition, value: last })),
  )
  const consumer = kafka.consumer({ groupId: unique("count"), readUncommitted: false, maxWaitTimeInMs: 100 })
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => void values.push(message.value?.toString() ?? ""),
  })
  const ended = () => values.filter((value) => value === last).length >= partitions.length
  await until(`all of ${topic} is read`, ended, 180_000)
  await consumer.disconnect()
  return values.filter((value) => !value.startsWith(LAST))
}

async function partitionsOf(kafka: Kafka, topic: string): Promise<number[]> {
  const admin = kafka.admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.disconnect()
  return topics[0]?.partitions.map((one) => one.partitionId) ?? []
}
