import { randomBytes } from "node:crypto"
import { type Admin, Kafka, logLevel, type Message } from "kafkajs"
import { inject } from "vitest"
import type { Broker } from "#server/brokers/broker.ts"
import { systems } from "#server/brokers/systems.ts"
import { createTopics } from "#test/stack/kafka/topics.ts"
import { until } from "#test/until.ts"

/** A name that no other test has. */
export function unique(word: string): string {
  return `${word}-${randomBytes(5).toString("hex")}`
}

export function connectKafka(bootstrap: readonly string[]): Broker {
  const connection = systems.kafka.connection.parse({ bootstrap: [...bootstrap] })
  return systems.kafka.connect(connection, { clientId: "signalbox-test", log: () => undefined })
}

export function kafkaClient(bootstrap: readonly string[] = inject("kafkaBootstrap")): Kafka {
  return new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 8 } })
}

/** Makes a topic and waits until its partitions can be written. */
export async function createTopic(
  kafka: Kafka,
  topic: string,
  options: { partitions?: number; replicas?: number; config?: Record<string, string> } = {},
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = Object.entries(options.config ?? {}).map(([name, value]) => ({ name, value }))
  const shape = {
    topic,
    numPartitions: options.partitions ?? 2,
    replicationFactor: options.replicas ?? 1,
    configEntries,
  }
  await createTopics(admin, [shape])
  await admin.disconnect()
}

/** Deletes a topic and makes it anew, with one partition, as soon as every broker has forgotten the old one. */
export async function recreateTopic(kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] })
  await untilDeleted(admin, topic)
  await until(`${topic} can be created again`, async () => {
    await createTopic(kafka, topic, { partitions: 1 })
    return true
  })
  await admin.disconnect()
}

/** Waits until a deleted topic is listed no longer. */
export function untilDeleted(admin: Pick<Admin, "listTopics">, topic: string): Promise<void> {
  return until(`${topic} is deleted`, async () => !(await admin.listTopics()).includes(topic))
}

/** Waits until the markers of all transactions on partition 0 are written: brokers answer before they are. */
export async function untilClosed(topic: string): Promise<void> {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  await until(`no transaction is open on ${topic}`, async () => {
    const described = await broker.describe({ destinations: [topic] }, AbortSignal.timeout(60_000))
    const [partition] = described.destinations[0]?.partitions ?? []
    return partition !== undefined && partition.lastStableOffset === undefined
  })
}

/** Writes each message once, in order: idempotent, since a send that is repeated after a time-out would double them. */
export async function produce(kafka: Kafka, topic: string, messages: Message[]): Promise<void> {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  await producer.send({ topic, messages })
  await producer.disconnect()
}

/** Commits positions as a group without members, as an operator's tool would. */
export async function commit(
  kafka: Kafka,
  group: string,
  at: { topic: string; offsets: Record<number, number> },
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const partitions = Object.entries(at.offsets).map(([partition, offset]) => ({
    partition: Number(partition),
    offset: String(offset),
  }))
  await admin.setOffsets({ groupId: group, topic: at.topic, partitions })
  await admin.disconnect()
}
