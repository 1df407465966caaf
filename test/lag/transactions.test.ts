import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { listPartitions, listPartitionsInput } from "#server/lag/queries/index.ts"
import { commit, createTopic, kafkaClient, produce, unique, untilClosed } from "#test/brokers/kafka-world.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

const kafka = kafkaClient()
const SECOND = 1000

async function transactional() {
  const producer = kafka.producer({ transactionalId: unique("tx"), maxInFlightRequests: 1, idempotent: true })
  await producer.connect()
  return producer
}

async function sendIn(topic: string, end: "commit" | "abort", count: number): Promise<void> {
  const producer = await transactional()
  const transaction = await producer.transaction()
  const messages = Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${i}` }))
  await transaction.send({ topic, messages })
  await transaction[end]()
  await producer.disconnect()
  await untilClosed(topic)
}

async function lagsOnPage(world: LagWorld, group: string): Promise<(number | null)[]> {
  const input = listPartitionsInput.parse({ cluster: CLUSTER, group })
  return (await listPartitions(world.ctx, input)).rows.map((row) => row.lag)
}

async function openWorld() {
  const database = await createDatabase(inject("postgresUrl"))
  const world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const dispose = async () => {
    await world[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  }
  return { ...world, [Symbol.asyncDispose]: dispose }
}

describe("messages written in transactions", { timeout: 180_000 }, () => {
  it("are all consumed when only markers and aborted messages are left, on the page and after a restart", async () => {
    await using world = await openWorld()
    const topic = unique("payments")
    const [done, behind] = [unique("ledger"), unique("audit")]
    await createTopic(kafka, topic, { partitions: 2 })
    await sendIn(topic, "commit", 10)
    await sendIn(topic, "abort", 3)
    // A read_committed consumer commits the offset after the last message it got: before the marker of its transaction.
    await commit(kafka, done, { topic, offsets: { 0: 10 } })
    await commit(kafka, behind, { topic, offsets: { 0: 4 } })
    let at = Date.now() - 60 * SECOND
    for (let i = 0; i < 4; i++, at += 10 * SECOND) await world.sweep(at)
    const shown = await world.group(done)
    expect(shown).toMatchObject({ lag: 0, timeLag: 0, verdict: { status: "idle" } })
    expect(await lagsOnPage(world, done)).toEqual([0, null])
    // Six messages, and what a difference of offsets cannot tell from messages: two markers, three aborted ones.
    expect((await world.group(behind)).lag).toBe(11)

    await world.restart()
    await world.sweep(at)
    expect(await world.group(done)).toMatchObject({ lag: 0, verdict: { status: "idle" } })

    await produce(kafka, topic, [{ partition: 0, value: "unread" }])
    for (let i = 1; i < 4; i++) await world.sweep(at + i * 10 * SECOND)
    expect((await world.group(done)).lag).toBe(1)
  })

  it("that are still open are said to be held back, and do not wait", async () => {
    await using world = await openWorld()
    const topic = unique("payments")
    const group = unique("ledger")
    await createTopic(kafka, topic, { partitions: 2 })
    await sendIn(topic, "commit", 5)
    const producer = await transactional()
    const open = await producer.transaction()
    await open.send({
      topic,
      messages: [
        { partition: 0, value: "a" },
        { partition: 0, value: "b" },
      ],
    })
    await produce(kafka, topic, [{ partition: 0, value: "after it" }])
    await commit(kafka, group, { topic, offsets: { 0: 5 } })
    const began = Date.now()
    for (const after of [0, 20, 40, 60, 80]) await world.sweep(began + after * SECOND)
    const shown = await world.group(group)
    expect(shown.lag).toBe(0)
    expect(shown.verdict.sentence).toContain(
      `an open transaction on partition 0 of ${topic} holds back 3 offsets`,
    )
    expect(shown.verdict.status).not.toBe("stopped")
    await world.describe()
    const state = await world.store.prisma.clusterState.findFirstOrThrow()
    expect(state.findings).toContainEqual(
      expect.objectContaining({ kind: "open-transaction", destinations: expect.arrayContaining([topic]) }),
    )

    await open.commit()
    await producer.disconnect()
    await untilClosed(topic)
    for (const after of [90, 100, 110]) await world.sweep(began + after * SECOND)
    const after = await world.group(group)
    expect(after.verdict.sentence).not.toContain("open transaction")
    // Two messages, the marker of their transaction, and the one that was written meanwhile.
    expect(after.lag).toBe(4)
  })
})
