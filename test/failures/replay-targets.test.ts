import { expect, it } from "vitest"
import type { NewMessage } from "#server/brokers/broker.ts"
import {
  listFailures,
  listFailuresInput,
  listReplays,
  planReplay,
  planReplayInput,
  startReplay,
  startReplayInput,
} from "#server/failures/index.ts"
import { runReplay } from "#server/failures/replay/run.ts"
import { createTopic, kafkaClient } from "#test/brokers/kafka-world.ts"
import { CLUSTER, deadLetter, type FailureWorld, failureWorld, shopTopics } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)

async function groupOf(world: FailureWorld, search: string) {
  const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search }))
  return { cluster: CLUSTER, id: rows[0]?.id ?? 0 }
}

/** Replays all of a group as planned, and answers the plan, the job, and the letters that are still to be replayed. */
async function replayAll(world: FailureWorld, group: { cluster: string; id: number }) {
  const plan = await planReplay(world.ctx, planReplayInput.parse(group))
  const { id } = await startReplay(world.ctx, startReplayInput.parse({ ...group, upTo: plan.upTo }))
  await runReplay(world.parts, id, soon())
  const [job] = await listReplays(world.ctx, group)
  const left = await world.store.prisma.failureMessage.count({
    where: { groupId: group.id, replayedBy: null },
  })
  return { plan, job, left }
}

function without(letter: NewMessage, ...names: string[]): NewMessage {
  return { ...letter, headers: letter.headers.filter(({ key }) => !names.includes(key)) }
}

it("says what cannot go where it came from, and sends what can be sent", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  await world.topic(orders, 2)
  await world.topic(dead)
  const letter = (from: number, at: number) => {
    const own = deadLetter({ orders, dead, amount: `${from},5`, partition: from })
    return { ...own, partition: at }
  }
  await world.send([letter(0, 0), letter(1, 1), letter(9, 2), letter(9, 0)])
  await world.index()
  const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
  const group = { cluster: CLUSTER, id: rows[0]?.id ?? 0 }
  const plan = await planReplay(world.ctx, planReplayInput.parse(group))
  expect(plan.warnings).toContain(
    `2 came from a partition that ${orders} does not have (it has 2): they go to a partition by their key.`,
  )
  const order = { target: `${orders}.absent` }
  const absent = await planReplay(world.ctx, planReplayInput.parse({ ...group, order }))
  expect(absent.warnings).toContain(`${orders}.absent does not exist: create it, or choose another target.`)
  const { id } = await startReplay(world.ctx, startReplayInput.parse({ ...group, upTo: plan.upTo }))
  await runReplay(world.parts, id, AbortSignal.timeout(60_000))
  expect((await listReplays(world.ctx, group))[0]).toMatchObject({ state: "done", sent: 4, missing: 0 })
})

it("sends the rest where one letter is refused by the broker", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  await createTopic(kafkaClient(), orders, { partitions: 3, config: { "max.message.bytes": "20000" } })
  await world.topic(dead)
  const letter = (amount: string, partition = 0) => deadLetter({ orders, dead, amount, partition })
  const large = { ...letter("7,5"), value: Buffer.alloc(30_000, "x") }
  const many = (count: number) => Array.from({ length: count }, (_, i) => letter(`${i},5`, i % 3))
  await world.send([...many(20), large, ...many(21), large, { ...letter("8,5", -1), partition: 1 }])
  await world.index()
  const group = await groupOf(world, orders)
  const { plan, job, left } = await replayAll(world, group)
  expect(plan).toMatchObject({ total: 44, notSent: 0 })
  expect(plan.warnings).toEqual([
    `1 came from a partition that ${orders} does not have (it has 3): they go to a partition by their key.`,
  ])
  expect(job).toMatchObject({ state: "done", total: 44, sent: 42, missing: 2, reason: null })
  expect(job?.notSent).toEqual([{ reason: expect.stringContaining("max.message.bytes"), messages: 2 }])
  // They were not sent, so that they can be sent elsewhere.
  expect(left).toBe(2)
})

it("leaves out what does not say where it came from, and names it", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { dead } = shopTopics()
  await world.topic(dead, 2)
  // Failed where it lies: of one cause with those that do not say where they failed.
  const known = deadLetter({ orders: dead, dead, amount: "1,5" })
  const unknown = without(
    deadLetter({ orders: dead, dead, amount: "2,5", partition: 1 }),
    "kafka_dlt-original-topic",
  )
  await world.send([known, unknown, known, unknown])
  await world.index()
  const { plan, job, left } = await replayAll(world, await groupOf(world, dead))
  expect(plan).toMatchObject({ total: 4, notSent: 2 })
  expect(plan.warnings).toContain(
    `2 do not say where they came from (${dead} 1/0, ${dead} 1/1): they are not sent. Choose a target for them.`,
  )
  expect(job).toMatchObject({ state: "done", sent: 2, missing: 2 })
  expect(job?.notSent).toEqual([
    { reason: "It does not say where it came from: choose a target.", messages: 2 },
  ])
  expect(left).toBe(2)
})

it("leaves out what came from a topic that is gone", { timeout: 120_000 }, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  await world.topic(dead)
  await world.send([deadLetter({ orders, dead, amount: "1,5" })])
  await world.index()
  const { plan, job, left } = await replayAll(world, await groupOf(world, orders))
  expect(plan).toMatchObject({ total: 1, notSent: 1 })
  expect(plan.warnings).toEqual([
    `1 came from ${orders}, which does not exist: they are not sent. Choose a target for them.`,
  ])
  expect(job).toMatchObject({ state: "done", sent: 0, missing: 1 })
  expect(job?.notSent).toEqual([{ reason: `It came from ${orders}, which does not exist.`, messages: 1 }])
  expect(left).toBe(1)
})

it("warns where the group that gave up reads another topic than its messages go to", {
  timeout: 120_000,
}, async () => {
  await using world = await failureWorld()
  const { orders, dead } = shopTopics()
  const elsewhere = `${orders}.elsewhere`
  for (const name of [orders, dead, elsewhere]) await world.topic(name)
  await world.send([deadLetter({ orders, dead, amount: "7,5" })])
  await world.index()
  const group = await groupOf(world, orders)
  const warnings = async (target: string | null) =>
    (await planReplay(world.ctx, planReplayInput.parse({ ...group, order: { target } }))).warnings
  const unread = (name: string) =>
    `payment has no committed offset on ${name}: it may not read what is sent there.`

  // Of a group that nobody has seen, nothing is known.
  expect(await warnings(null)).toEqual([])
  const { id: groupId } = await world.store.prisma.consumerGroup.create({
    data: { clusterId: world.clusterId, name: "payment", type: "classic", state: "stable" },
  })
  const reads = async (name: string) => {
    const { id: destinationId } = await world.store.prisma.destination.findFirstOrThrow({ where: { name } })
    await world.store.prisma.groupDestination.create({ data: { groupId, destinationId, status: "ok" } })
  }
  await reads(elsewhere)
  expect(await warnings(null)).toEqual([unread(orders)])
  expect(await warnings(elsewhere)).toEqual([])
  await reads(orders)
  expect(await warnings(null)).toEqual([])
  expect(await warnings(dead)).toEqual([unread(dead)])
})
