import { describe, expect, inject, it } from "vitest"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { kafkaTools } from "#scripts/stack/kafka/tools.ts"
import type { Position } from "#server/brokers/broker.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)

/** Six partitions on three leaders, ten messages each, named by where they lie. */
async function filledTopic(): Promise<string> {
  const kafka = kafkaClient()
  const topic = unique("orders")
  await createTopic(kafka, topic, { partitions: 6 })
  const messages = Array.from({ length: 60 }, (_, i) => ({
    partition: i % 6,
    value: `${i % 6}/${Math.floor(i / 6)}`,
  }))
  await produce(kafka, topic, messages)
  return topic
}

async function deleteBelow(topic: string, offsets: Record<number, number>): Promise<void> {
  const admin = kafkaClient().admin()
  await admin.connect()
  const partitions = Object.entries(offsets).map(([partition, offset]) => ({
    partition: Number(partition),
    offset: String(offset),
  }))
  // kafkajs looks only at topics that it has met.
  await admin.fetchTopicOffsets(topic)
  await admin.deleteTopicRecords({ topic, partitions })
  await admin.disconnect()
}

/** Written by Kafka's own producer, since that is what compresses out there. */
async function compressedTopic(codec: string): Promise<string> {
  const topic = unique(codec)
  await createTopic(kafkaClient(), topic, { partitions: 1 })
  const tools = kafkaTools(await kafkaClasspath(), inject("kafkaBootstrap"))
  const load = ["--topic", topic, "--num-records", "400", "--record-size", "200", "--throughput", "-1"]
  const props = [`compression.type=${codec}`, "linger.ms=50"]
  await tools.run("producer-perf-test", [...load, "--command-property", ...props])
  return topic
}

describe("reading compressed messages", () => {
  it.each(["gzip", "snappy", "lz4", "zstd"])("gives what was written with %s", async (codec) => {
    const topic = await compressedTopic(codec)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const asked = [0n, 7n, 399n].map((offset) => ({ destination: topic, partition: 0, offset }))
    const read = await broker.messages?.read(asked, soon())
    expect(read?.problems).toEqual([])
    const values = read?.found.map(({ message }) => message?.value?.toString() ?? "")
    // The tool writes letters, no two messages alike.
    expect(values).toEqual(Array(3).fill(expect.stringMatching(/^[A-Z]{200}$/)))
    expect(new Set(values).size).toBe(3)
  })
})

describe("reading messages by position", () => {
  it("gives the first message that still exists where deletion has overtaken the position", async () => {
    const topic = await filledTopic()
    await deleteBelow(topic, { 0: 4 })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const position = { destination: topic, partition: 0, offset: 1n }
    const read = await broker.messages?.read([position], soon())
    expect(read?.problems).toEqual([])
    expect(read?.found).toMatchObject([{ position, message: { offset: 4n } }])
    expect(read?.found[0]?.message?.value?.toString()).toBe("0/4")
  })

  it("answers under the asked position, however many leaders are read at once", async () => {
    const topic = await filledTopic()
    await deleteBelow(topic, { 0: 4, 1: 5, 2: 6, 3: 7, 4: 8, 5: 9 })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const at = (partition: number, offset: bigint): Position => ({ destination: topic, partition, offset })
    const asked = [0, 1, 2, 3, 4, 5].flatMap((partition) => [
      at(partition, 0n),
      at(partition, 1n),
      at(partition, 9n),
    ])
    const read = await broker.messages?.read(asked, soon())
    expect(read?.problems).toEqual([])
    const said = read?.found.map(({ position, message }) => [
      `${position.partition}@${position.offset}`,
      message?.value?.toString(),
    ])
    const wanted = [0, 1, 2, 3, 4, 5].flatMap((partition) => [
      [`${partition}@0`, `${partition}/${partition + 4}`],
      [`${partition}@1`, `${partition}/${partition + 4}`],
      [`${partition}@9`, `${partition}/9`],
    ])
    expect(said?.toSorted()).toEqual(wanted.toSorted())
  })

  it("finds nothing at the end of a partition, nor where all was deleted", async () => {
    const topic = await filledTopic()
    await deleteBelow(topic, { 3: 10 })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const asked = [0n, 10n].map((offset) => ({ destination: topic, partition: 3, offset }))
    const read = await broker.messages?.read(asked, soon())
    expect(read).toEqual({ found: asked.map((position) => ({ position, message: null })), problems: [] })
  })

  it("finds nothing past the end of a partition", async () => {
    const topic = await filledTopic()
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const position = { destination: topic, partition: 3, offset: 999n }
    const read = await broker.messages?.read([position], soon())
    expect(read).toEqual({ found: [{ position, message: null }], problems: [] })
  })
})
