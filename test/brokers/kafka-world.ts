import { randomBytes } from "node:crypto"
import { Admin as GroupAdmin } from "@platformatic/kafka"
import { type Admin, Kafka, logLevel, type Message } from "kafkajs"
import { inject } from "vitest"
import { createTopics } from "#scripts/stack/kafka/topics.ts"
import type { Broker } from "#server/brokers/broker.ts"
import { systems } from "#server/brokers/systems.ts"
import { isDomainError } from "#server/errors.ts"
import { until } from "#test/until.ts"

/** A name that no other test has. */
export function unique(word: string): string {
  return `${word}-${randomBytes(5).toString("hex")}`
}

export function connectKafka(bootstrap: readonly string[]): Broker {
  const connection = systems.kafka.connection.parse({ bootstrap: [...bootstrap] })
  return systems.kafka.connect(connection, { clientId: "signalbox-test", log: () => undefined })
}

const bootstraps = new WeakMap<Kafka, readonly string[]>()

export function kafkaClient(bootstrap: readonly string[] = inject("kafkaBootstrap")): Kafka {
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 8 } })
  bootstraps.set(kafka, bootstrap)
  return kafka
}

/** Makes a topic and waits until every broker knows it: they hear of it one after another. */
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
  for (const address of bootstraps.get(kafka) ?? [])
    await until(`${address} knows ${topic}`, () => knows(address, topic))
}

/** Whether this very broker knows all partitions of a topic; one that does not answer is not waited for. */
async function knows(address: string, topic: string): Promise<boolean> {
  await using broker = connectKafka([address])
  try {
    const sampled = await broker.sample({ destinations: [topic], groups: [] }, AbortSignal.timeout(60_000))
    return sampled.destinations[0]?.ends.every((end) => end !== null) ?? false
  } catch (error) {
    return isDomainError(error) && error.code === "unreachable"
  }
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

/** Waits until the markers of all transactions on a topic are written: brokers answer before they are. */
export async function untilClosed(topic: string): Promise<void> {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  await until(`no transaction is open on ${topic}`, async () => {
    const described = await broker.describe({ destinations: [topic] }, AbortSignal.timeout(60_000))
    const [found] = described.destinations
    return found !== undefined && found.partitions.length > 0 && found.notes.length === 0
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
  const bootstrapBrokers = bootstraps.get(kafka)
  if (!bootstrapBrokers) throw new Error("make the client with kafkaClient")
  // kafkajs joins the group for it, and waits five seconds for messages.
  const admin = new GroupAdmin({ clientId: "signalbox-test", bootstrapBrokers: [...bootstrapBrokers] })
  const partitionOffsets = Object.entries(at.offsets).map(([partition, offset]) => ({
    partition: Number(partition),
    offset: BigInt(offset),
  }))
  const commits = { groupId: group, topics: [{ name: at.topic, partitionOffsets }] }
  // A young cluster has no coordinator yet.
  await until(`${group} has committed`, async () => {
    await admin.alterConsumerGroupOffsets(commits)
    return true
  })
  await admin.close()
}
