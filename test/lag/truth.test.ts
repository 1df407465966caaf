import { setTimeout as sleep } from "node:timers/promises"
import type { Kafka } from "kafkajs"
import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { lagHistory } from "#server/lag/queries/index.ts"
import { commit, createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

const INTERVAL = 1000

/** Writes a message every `everyMs`; its offset in partition 0 is its number, and `stamps` tells when it was written. */
async function writeSteadily(kafka: Kafka, topic: string, everyMs: number) {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const stamps: number[] = []
  let going = true
  const loop = async () => {
    while (going) {
      const stamp = Date.now()
      const value = String(stamps.length)
      await producer.send({ topic, messages: [{ partition: 0, value, timestamp: String(stamp) }] })
      stamps.push(stamp)
      await sleep(everyMs)
    }
  }
  const ended = loop()
  ended.catch(() => undefined)
  return {
    stamps,
    stop: async () => {
      going = false
      await ended
      await producer.disconnect()
    },
  }
}

/** Numbers of the messages that can still be read. */
async function readAll(kafka: Kafka, topic: string, last: number): Promise<number[]> {
  const consumer = kafka.consumer({ groupId: unique("reader") })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const numbers: number[] = []
  await new Promise<void>((resolve) => {
    void consumer.run({
      eachMessage: async ({ message }) => {
        numbers.push(Number(message.value))
        if (numbers.at(-1) === last) resolve()
      },
    })
  })
  await consumer.disconnect()
  return numbers
}

describe("lag, held against the truth", { timeout: 150_000 }, () => {
  it("shows a paused consumer's time lag to within one sampling interval", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
    const kafka = kafkaClient()
    const topic = unique("orders")
    const group = unique("billing")
    await createTopic(kafka, topic, { partitions: 1 })
    const writing = await writeSteadily(kafka, topic, 50)
    const consumer = kafka.consumer({ groupId: group })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    let read = 0
    const firstRead = new Promise<void>((resolve) => {
      const eachMessage = async () => {
        read += 1
        if (read >= 20) resolve()
      }
      void consumer.run({ autoCommitThreshold: 1, eachMessage })
    })
    const sweeping = world.keepSweeping(INTERVAL)
    await firstRead
    await nextSamples(world, group, 3)
    consumer.pause([{ topic }])
    const pausedAt = Date.now()
    await untilStill(() => read)
    await nextSamples(world, group, 2)
    const unreadSince = writing.stamps[read] ?? Number.NaN
    const wrong: number[] = []
    for (let i = 0; i < 8; i++) {
      await nextSamples(world, group, 1)
      const shown = await world.group(group)
      wrong.push(Math.abs((shown.timeLag ?? Number.NaN) - ((shown.sampledAt ?? 0) - unreadSince)))
    }
    await sweeping.stop()
    const last = await world.group(group)
    expect(Math.abs(unreadSince - pausedAt)).toBeLessThan(INTERVAL)
    expect(Math.max(...wrong)).toBeLessThanOrEqual(INTERVAL)
    expect(last.timeLag).toBeGreaterThan(8 * INTERVAL)
    await writing.stop()
    await world.sweep()
    expect((await world.group(group)).lag).toBe(writing.stamps.length - read)
    await consumer.disconnect()
  })

  it("foretells when unread messages are deleted, and counts the lost ones exactly", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
    const kafka = kafkaClient()
    const topic = unique("clicks")
    const group = unique("analytics")
    const config = { "retention.ms": "25000", "segment.ms": "500" }
    await createTopic(kafka, topic, { partitions: 1, config })
    const writing = await writeSteadily(kafka, topic, 50)
    const read = 10
    await until("more is written than was read", () => writing.stamps.length > read)
    await commit(kafka, group, { topic, offsets: { 0: read } })
    await world.sweep()
    await world.describe()
    const sweeping = world.keepSweeping(INTERVAL)
    await nextSamples(world, group, 5)
    const foretold = await world.group(group)
    expect(foretold.verdict).toMatchObject({ status: "losing" })
    expect(foretold.lost).toBe(0)
    expect(foretold.verdict.sentence).toMatch(/the oldest is deleted in \d+ seconds/)
    const forecast = typeof foretold.lostIn === "number" ? foretold.lostIn : Number.NaN
    let shown = foretold
    while ((shown.lost ?? 0) === 0) {
      await sleep(INTERVAL / 4)
      shown = await world.group(group)
    }
    const took = (shown.sampledAt ?? 0) - (foretold.sampledAt ?? 0)
    // The broker deletes when it gets round to it, and samples come when a busy machine lets them.
    expect(took / forecast).toBeGreaterThan(0.5)
    expect(took / forecast).toBeLessThan(2)
    await nextSamples(world, group, 3)
    await writing.stop()
    await keepForever(world, kafka, topic)
    await sweeping.stop()
    await world.sweep()
    const left = await readAll(kafka, topic, writing.stamps.length - 1)
    const end = await world.group(group)
    expect(end.lost).toBeGreaterThan(0)
    expect(end.lost).toBe(writing.stamps.length - read - left.length)
    expect(end.lag).toBe(left.length)
    expect(end.verdict.sentence).toContain(`has lost ${end.lost?.toLocaleString("en-US")} messages`)

    await commit(kafka, group, { topic, offsets: { 0: writing.stamps.length } })
    const passed = await world.sweep()
    expect(await world.group(group)).toMatchObject({ lost: 0, lag: 0 })
    const range = { from: passed - 600_000, to: passed + 10_000, points: 300 }
    const { series } = await lagHistory(world.ctx, { cluster: CLUSTER, group, ...range })
    expect(series.lost?.findLast((lost) => lost !== null)).toBe(end.lost)
  })
})

/** Waits for this many more samples of a group. */
async function nextSamples(world: LagWorld, group: string, more: number): Promise<void> {
  for (let i = 0; i < more; i++) {
    const before = (await world.group(group).catch(() => null))?.sampledAt ?? 0
    await until("another sample is stored", async () => ((await world.group(group)).sampledAt ?? 0) > before)
  }
}

/** Waits until a count has not changed for two looks in a row. */
async function untilStill(count: () => number): Promise<void> {
  const seen = [Number.NaN, Number.NaN]
  await until("nothing moves any longer", () => {
    seen.push(count())
    return seen.at(-1) === seen.at(-2) && seen.at(-2) === seen.at(-3)
  })
}

/** Ends deletion, so that what is left can be counted in peace: the broker's log cleaner looks every few hundred ms. */
async function keepForever(world: LagWorld, kafka: Kafka, topic: string): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: "retention.ms", value: "-1" }]
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries }] })
  const starts: string[] = []
  await until("the broker knows, and deletes no longer", async () => {
    await world.describe()
    const { retentionMs } = await world.store.prisma.destination.findFirstOrThrow({
      where: { name: topic },
      select: { retentionMs: true },
    })
    const [offsets] = await admin.fetchTopicOffsets(topic)
    starts.push(offsets?.low ?? "")
    return retentionMs === null && starts.length > 20 && new Set(starts.slice(-20)).size === 1
  })
  await admin.disconnect()
}
