import { describe, expect, inject, it } from "vitest"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { kafkaTools } from "#scripts/stack/kafka/tools.ts"
import type { Broker, Message, ScanRange } from "#server/brokers/broker.ts"
import { until } from "#test/until.ts"
import { collect } from "./collect.ts"
import {
  connectKafka,
  createTopic,
  kafkaClient,
  produce,
  recreateTopic,
  unique,
  untilClosed,
} from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)
const connect = () => connectKafka(inject("kafkaBootstrap"))

async function scanned(broker: Broker, range: ScanRange): Promise<Message[]> {
  return (await collect(broker.messages?.scan(range, soon()))).flatMap((batch) => batch.messages)
}

const offsets = (messages: Message[]) => messages.map((message) => Number(message.offset))

describe("scanning a partition of Kafka", () => {
  it.each(["none", "gzip", "snappy", "lz4", "zstd"])(
    "unpacks what Kafka's producer wrote with %s",
    async (codec) => {
      const topic = unique(codec)
      await createTopic(kafkaClient(), topic, { partitions: 1 })
      const tools = kafkaTools(await kafkaClasspath(), inject("kafkaBootstrap"))
      const load = ["--topic", topic, "--num-records", "20000", "--record-size", "300", "--throughput", "-1"]
      const props = [`compression.type=${codec}`, "linger.ms=20", "batch.size=200000"]
      await tools.run("producer-perf-test", [...load, "--command-property", ...props])
      await using broker = connect()
      const found = await scanned(broker, { destination: topic, partition: 0, from: 0n, to: 20_000n })
      expect(offsets(found)).toEqual(Array.from({ length: 20_000 }, (_, i) => i))
      expect(found.every((message) => /^[A-Z]{300}$/.test(message.value?.toString() ?? ""))).toBe(true)
    },
  )

  it("gives null, empty and large values, keys and headers as they are", async () => {
    const kafka = kafkaClient()
    const topic = unique("odd")
    await createTopic(kafka, topic, { partitions: 1, config: { "max.message.bytes": "16000000" } })
    const large = Buffer.alloc(10_000_000, "x")
    const headers = { trace: Buffer.from([0xff, 0x00]), empty: "" }
    const timestamp = Date.now() - 5000
    await produce(kafka, topic, [{ key: "gone", value: null, timestamp: String(timestamp) }])
    await produce(kafka, topic, [{ key: null, value: "", headers }])
    await produce(kafka, topic, [{ value: large }])
    await using broker = connect()
    const found = await scanned(broker, { destination: topic, partition: 0, from: 0n, to: 3n })
    expect(found[0]).toMatchObject({ value: null, timestamp: BigInt(timestamp), timestampType: "create" })
    expect(found[0]?.key?.toString()).toBe("gone")
    expect(found[1]).toMatchObject({ key: null, value: Buffer.alloc(0), control: null })
    expect(found[1]?.headers).toEqual([
      { key: "trace", value: Buffer.from([0xff, 0x00]) },
      { key: "empty", value: Buffer.alloc(0) },
    ])
    expect(found[2]?.value?.equals(large)).toBe(true)
  })

  it("marks the ends of transactions, what was aborted and what is pending; committed, it leaves those out", async () => {
    const kafka = kafkaClient()
    const topic = unique("ledger")
    await createTopic(kafka, topic, { partitions: 1 })
    const producer = kafka.producer({
      transactionalId: unique("tx"),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    for (const end of ["commit", "abort"] as const) {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ partition: 0, value: end }] })
      await transaction[end]()
      // The marker is written after the answer, and has an offset of its own.
      await untilClosed(topic)
    }
    await produce(kafka, topic, [{ partition: 0, value: "plain" }])
    const open = await producer.transaction()
    await open.send({ topic, messages: [{ partition: 0, value: "open" }] })
    await produce(kafka, topic, [{ partition: 0, value: "behind" }])
    await using broker = connect()
    const range = { destination: topic, partition: 0, from: 0n, to: 7n }
    const seen = (messages: Message[]) =>
      messages.map((message) => [message.value?.toString() || message.control, message.withheld])
    const all = await scanned(broker, range)
    expect(all.map((message) => message.control)).toEqual([null, "commit", null, "abort", null, null, null])
    expect(seen(all.filter((message) => !message.control))).toEqual([
      ["commit", null],
      ["abort", "aborted"],
      ["plain", null],
      ["open", "pending"],
      ["behind", "pending"],
    ])
    const committed = async (from: bigint) =>
      (await scanned(broker, { ...range, from, isolation: "committed" }))
        .filter((message) => !message.control)
        .map((message) => message.value?.toString())
    expect(await committed(0n)).toEqual(["commit", "plain"])
    expect(await committed(2n)).toEqual(["plain"])
    expect(await committed(5n)).toEqual([])
    const at = [2n, 3n, 4n, 5n, 6n, 7n].map((offset) => ({ destination: topic, partition: 0, offset }))
    const single = await broker.messages?.read(at, soon())
    expect(single?.problems).toEqual([])
    expect(
      at.map(
        (one) => single?.found.find(({ position }) => position === one)?.message?.withheld ?? "none withheld",
      ),
    ).toEqual(["aborted", "none withheld", "none withheld", "pending", "pending", "none withheld"])
    await open.commit()
    await producer.disconnect()
    await expect.poll(() => committed(5n)).toEqual(["open", "behind"])
  })

  it("begins at the log's start where deletion has overtaken it, and waits past the end", async () => {
    const kafka = kafkaClient()
    const topic = unique("orders")
    await createTopic(kafka, topic, { partitions: 1 })
    await produce(
      kafka,
      topic,
      Array.from({ length: 10 }, (_, i) => ({ partition: 0, value: `${i}` })),
    )
    const admin = kafkaClient().admin()
    await admin.connect()
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "4" }] })
    await admin.disconnect()
    await using broker = connect()
    const range = { destination: topic, partition: 0, from: 1n, to: 8n }
    expect(offsets(await scanned(broker, range))).toEqual([4, 5, 6, 7])
    expect(await scanned(broker, { ...range, from: 50n, to: 60n })).toEqual([])
  })

  it("refuses a topic that was deleted and created again while it was followed", async () => {
    const kafka = kafkaClient()
    const topic = unique("customers")
    await createTopic(kafka, topic, { partitions: 1 })
    await using broker = connect()
    const range = { destination: topic, partition: 0, from: 0n, to: null }
    await produce(kafka, topic, [{ partition: 0, value: "the first" }])
    let read = 0
    const following = (async () => {
      for await (const batch of broker.messages?.scan(range, soon()) ?? []) read += batch.messages.length
    })()
    const refused = expect(following).rejects.toMatchObject({ code: "conflict" })
    await until("it follows", () => read === 1)
    await recreateTopic(kafka, topic)
    await refused
  })
})
