import { setTimeout as sleep } from "node:timers/promises"
import { Admin } from "@platformatic/kafka"
import type { Kafka, Admin as KafkaAdmin } from "kafkajs"
import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { lagHistory, listGroups, listGroupsInput } from "#server/lag/queries/index.ts"
import { GROUP_GONE_AFTER_MS } from "#server/sampling/inventory.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

async function sharedWorld(): Promise<LagWorld> {
  const database = await createDatabase(inject("postgresUrl"))
  const world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const dispose = async () => {
    await world[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  }
  return { ...world, [Symbol.asyncDispose]: dispose }
}

async function asAdmin(kafka: Kafka, act: (admin: KafkaAdmin) => Promise<unknown>): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  await act(admin)
  await admin.disconnect()
}

async function write(kafka: Kafka, topic: string, to: { partition?: number; count: number }): Promise<void> {
  const messages = Array.from({ length: to.count }, (_, i) => ({
    partition: to.partition ?? 0,
    value: `${i}`,
  }))
  await produce(kafka, topic, messages)
}

/** Writes as soon as the leader of a new partition knows that it is one. */
async function writeWhenReady(topic: string, to: { partition: number; count: number }): Promise<void> {
  for (let tries = 0; ; tries++) {
    const failure = await write(kafkaClient(), topic, to).then(
      () => null,
      (error: unknown) => error,
    )
    if (failure === null) return
    if (tries > 20) throw failure
    await sleep(500)
  }
}

/** Sweeps until the condition holds: brokers learn of changes one after another. `clock`: the moments of the sweeps. */
async function sweepUntil(
  world: LagWorld,
  holds: () => Promise<boolean>,
  clock: () => number = Date.now,
): Promise<void> {
  for (let i = 0; i < 40; i++) {
    await world.sweep(clock())
    if (await holds()) return
    await sleep(500)
  }
  throw new Error("the sweeps never came to show it")
}

/** Stored end offsets of every life of a topic, the oldest life first. */
async function storedEnds(world: LagWorld, topic: string): Promise<number[][]> {
  const { rows } = await world.store.pool.query<{ ends: string[][] }>(
    `select array_agg(l.ends[1] order by l.at) as ends from destination d
     join series.log_offsets l on l.destination_id = d.id where d.name = $1 group by d.id order by d.id`,
    [topic],
  )
  return rows.map((row) => row.ends.map(Number))
}

describe("what happens to topics and groups keeps history right", { timeout: 120_000 }, () => {
  it("a topic that is deleted and created again begins another life", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const topic = unique("orders")
    const group = unique("billing")
    const other = unique("stock")
    await createTopic(kafka, topic, { partitions: 1 })
    await createTopic(kafka, other, { partitions: 1 })
    await write(kafka, topic, { count: 10 })
    await commit(kafka, group, { topic, offsets: { 0: 4 } })
    await commit(kafka, group, { topic: other, offsets: { 0: 0 } })
    await world.sweep()
    expect((await world.group(group)).lag).toBe(6)
    await asAdmin(kafka, (admin) => admin.deleteTopics({ topics: [topic] }))
    await sweepUntil(world, async () => (await world.group(group)).lag === 0)
    const { byDestination } = await world.group(group)
    expect(byDestination.map((one) => one.destination)).toEqual([other])
    await createTopic(kafka, topic, { partitions: 1 })
    await write(kafka, topic, { count: 3 })
    await commit(kafka, group, { topic, offsets: { 0: 1 } })
    await sweepUntil(world, async () => (await world.group(group)).lag === 2)
    const shown = await world.group(group)
    expect(shown.lost).toBe(0)
    expect(shown.verdict.status).not.toBe("rewound")
    const lives = await storedEnds(world, topic)
    expect(lives).toHaveLength(2)
    expect(new Set(lives[0])).toEqual(new Set([10]))
    expect(Math.max(...(lives[1] ?? []))).toBe(3)
  })

  it("a topic that grows keeps its lag; what waits on new partitions is shown beside it", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const topic = unique("parcels")
    const group = unique("shipping")
    await createTopic(kafka, topic, { partitions: 1 })
    await write(kafka, topic, { count: 9 })
    await commit(kafka, group, { topic, offsets: { 0: 2 } })
    await world.sweep()
    expect(await world.group(group)).toMatchObject({ lag: 7, noCommit: null })
    await asAdmin(kafka, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }))
    await writeWhenReady(topic, { partition: 2, count: 5 })
    await sweepUntil(world, async () => (await world.group(group)).noCommit?.messages === 5)
    expect(await world.group(group)).toMatchObject({ lag: 7, noCommit: { partitions: 2, messages: 5 } })
    await commit(kafka, group, { topic, offsets: { 2: 1 } })
    await sweepUntil(world, async () => (await world.group(group)).lag === 11)
    expect((await world.group(group)).noCommit).toEqual({ partitions: 1, messages: 0 })
  })

  it("a group whose offsets are deleted has no lag any more, and its history stays", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const topic = unique("mails")
    const group = unique("notification")
    await createTopic(kafka, topic, { partitions: 1 })
    await write(kafka, topic, { count: 8 })
    await commit(kafka, group, { topic, offsets: { 0: 3 } })
    const from = await world.sweep()
    const admin = new Admin({ clientId: "test", bootstrapBrokers: inject("kafkaBootstrap") })
    await admin.deleteConsumerGroupOffsets({
      groupId: group,
      topics: [{ name: topic, partitionIndexes: [0] }],
    })
    await admin.close()
    await sweepUntil(world, async () => (await world.group(group).catch(() => null))?.lag !== 5)
    const { rows } = await world.store.pool.query<{ offsets: string[] }>(
      `select o.offsets from series.committed_offsets o join consumer_group g on g.id = o.group_id
       where g.name = $1 and o.at = $2`,
      [group, new Date(from)],
    )
    expect(rows[0]?.offsets.map(Number)).toEqual([3])
    const shown = await world.group(group).catch(() => null)
    expect(shown?.lag ?? null).toBeNull()
  })

  it("a group that is deleted leaves the list, and comes back as another", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const topic = unique("events")
    const group = unique("audit")
    await createTopic(kafka, topic, { partitions: 1 })
    await write(kafka, topic, { count: 4 })
    await commit(kafka, group, { topic, offsets: { 0: 1 } })
    // A group counts as deleted only after a while: sweeps lie apart here by more than they do.
    let at = Date.now()
    const clock = () => {
      at += GROUP_GONE_AFTER_MS / 2
      return at
    }
    await world.sweep(at)
    const listed = async () =>
      (await listGroups(world.ctx, listGroupsInput.parse({ q: group }))).rows.map((row) => row.lag)
    expect(await listed()).toEqual([3])
    await asAdmin(kafka, (admin) => admin.deleteGroups([group]))
    await sweepUntil(world, async () => (await listed()).length === 0, clock)
    await expect(world.group(group)).rejects.toMatchObject({ code: "not_found" })
    await commit(kafka, group, { topic, offsets: { 0: 2 } })
    await sweepUntil(world, async () => (await listed()).length === 1, clock)
    expect(await listed()).toEqual([2])
    const lives = await world.store.prisma.consumerGroup.findMany({
      where: { name: group },
      orderBy: { id: "asc" },
    })
    expect(lives.map((one) => one.deletedAt === null)).toEqual([false, true])
  })

  it("a collector that starts again goes on with what it wrote: unchanged is not written twice, changed is", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const [topic, group] = [unique("refunds"), unique("accounting")]
    await createTopic(kafka, topic, { partitions: 2 })
    await write(kafka, topic, { count: 4 })
    await commit(kafka, group, { topic, offsets: { 0: 1 } })
    const rows = async () => {
      const stored = await world.store.pool.query<{ logs: number; commits: number }>(
        `select (select count(*)::int from series.log_offsets l where l.destination_id = d.id) as logs,
           (select count(*)::int from series.committed_offsets c where c.destination_id = d.id) as commits
         from destination d where d.name = $1`,
        [topic],
      )
      return stored.rows[0]
    }
    await world.sweep()
    const before = await rows()
    for (let restarts = 0; restarts < 3; restarts++) {
      await world.restart()
      await world.sweep()
    }
    // A row that says "still so" is due once in five minutes, and may be due just now.
    const after = await rows()
    expect((after?.logs ?? 0) - (before?.logs ?? 0)).toBeLessThanOrEqual(1)
    expect((after?.commits ?? 0) - (before?.commits ?? 0)).toBeLessThanOrEqual(1)
    await commit(kafka, group, { topic, offsets: { 0: 2 } })
    await world.restart()
    await world.sweep()
    expect((await rows())?.commits).toBe((after?.commits ?? 0) + 1)
    expect(await world.group(group)).toMatchObject({ lag: 2 })
  })

  it("a time in which nobody looked is a gap in the chart, not a zero", async () => {
    await using world = await sharedWorld()
    const kafka = kafkaClient()
    const topic = unique("payments")
    const group = unique("ledger")
    await createTopic(kafka, topic, { partitions: 1 })
    await write(kafka, topic, { count: 4 })
    await commit(kafka, group, { topic, offsets: { 0: 1 } })
    const at = await world.sweep()
    const span = { from: at - 600_000, to: at + 20_000, points: 62 }
    const history = await lagHistory(world.ctx, { cluster: CLUSTER, group, ...span })
    const shown = history.at.map((moment, i) => ({ after: moment >= at, lag: history.series.lag?.[i] }))
    expect(shown.filter((point) => !point.after).every((point) => point.lag === null)).toBe(true)
    expect(shown.find((point) => point.after)?.lag).toBe(3)
  })
})
