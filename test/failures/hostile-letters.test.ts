import { CompressionTypes } from "kafkajs"
import { expect, it } from "vitest"
import type { NewMessage } from "#server/brokers/broker.ts"
import { createTopic, kafkaClient } from "#test/brokers/kafka-world.ts"
import { newMessage } from "#test/brokers/producer-contract.ts"
import { deadLetter, failureWorld, shopTopics } from "./world.ts"

const ANY_TIME = { "message.timestamp.after.max.ms": "9223372036854775807" }

/** A letter whose header has this text besides, or instead. */
function header(letter: NewMessage, key: string, value: string | Buffer): NewMessage {
  const others = letter.headers.filter((one) => one.key !== key)
  return { ...letter, headers: [...others, { key, value: Buffer.from(value) }] }
}

it("a hostile dead letter is counted, and hides none of those behind it", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  await createTopic(kafkaClient(), dead, { partitions: 2, config: ANY_TIME })
  const now = Date.now()
  const good = (amount: string, partition: number) => deadLetter({ orders, dead, amount, partition, at: now })
  const hostile: NewMessage[] = [
    { ...good("1", 0), timestamp: now * 1000 },
    { ...good("1", 0), timestamp: now * 1_000_000 },
    { ...good("1", 0), timestamp: 2 ** 62 },
    header(good("1", 0), "kafka_dlt-exception-message", `${"x".repeat(999)}😀 and more`),
    header(good("1", 0), "kafka_dlt-exception-message", `\0${"y".repeat(299)}😀`),
    header(good("1", 0), "kafka_dlt-exception-cause-fqcn", "a.B".repeat(100_000)),
    header(good("1", 0), "kafka_dlt-original-topic", "t\0".repeat(5000)),
    header(good("1", 0), "kafka_dlt-original-consumer-group", Buffer.from([0xff, 0xfe, 0, 0xed, 0xa0, 0x80])),
    header(good("1", 0), "kafka_dlt-original-partition", "99999999999999"),
    header(good("1", 0), "kafka_dlt-original-offset", "9".repeat(40)),
    header(good("1", 0), "kafka_dlt-exception-stacktrace", "\0😀".repeat(20_000)),
    header(good("1", 0), "service.version", `${"v".repeat(99)}😀`),
    newMessage(dead, {
      partition: 0,
      timestamp: now,
      headers: [
        { key: "__connect.errors.topic", value: Buffer.from("orders") },
        { key: "__connect.errors.partition", value: Buffer.from("4294967296") },
        { key: "__connect.errors.offset", value: Buffer.from("99999999999999999999999") },
        { key: "__connect.errors.exception.class.name", value: Buffer.from("x\0Y") },
      ],
    }),
  ]
  await world.send([good("2", 0), good("2", 1), ...hostile, good("3", 0), good("3", 1)])
  const sampled = await world.broker.sample(
    { destinations: [dead], groups: [] },
    AbortSignal.timeout(120_000),
  )
  const uid = sampled.destinations[0]?.uid ?? ""
  await world.store.prisma.destination.create({
    data: { clusterId: world.clusterId, name: dead, uid, partitions: 2 },
  })
  await world.index()
  const sources = await world.store.prisma.failureSource.findMany({ orderBy: { partition: "asc" } })
  expect(sources.map((one) => [one.next, one.problem])).toEqual([
    [BigInt(hostile.length + 2), null],
    [2n, null],
  ])
  expect(await world.store.prisma.failureMessage.count()).toBe(hostile.length + 4)
  const group = await world.store.prisma.failureGroup.findFirst({
    where: { destination: orders },
    orderBy: { messages: "desc" },
  })
  expect(group?.messages).toBeGreaterThanOrEqual(4n)
  expect(group?.lastSeenAt.getTime()).toBeLessThan(Date.now() + 60_000)
})

it("a batch of dead letters that cannot be read is named, and hides none of those behind it", async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  for (const topic of [orders, dead]) await world.topic(topic)
  const producer = kafkaClient().producer()
  await producer.connect()
  for (const partition of [0, 1]) {
    await world.send([deadLetter({ orders, dead, amount: "1", partition })])
    // 65 MB that are 65 kB on the broker.
    const messages = [{ partition, value: Buffer.alloc(65 << 20) }]
    if (partition === 1) await producer.send({ topic: dead, compression: CompressionTypes.GZIP, messages })
    await world.send([deadLetter({ orders, dead, amount: "2", partition })])
  }
  await producer.disconnect()
  await world.index()
  const sources = await world.store.prisma.failureSource.findMany({ orderBy: { partition: "asc" } })
  expect(sources.map(({ next }) => next)).toEqual([2n, 3n, 0n].slice(0, sources.length))
  expect(sources[0]?.problem).toBeNull()
  expect(sources[1]?.problem).toMatch(/^The message at offset 1 cannot be read.*larger than 64 MB/)
  expect(await world.store.prisma.failureMessage.count()).toBe(4)
})
