import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { lagHeat, listMembers, listPartitions, listPartitionsInput } from "#server/lag/queries/index.ts"
import { joinCrowd } from "#test/brokers/crowd.ts"
import { commit, connectKafka, createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { seenUntil } from "#test/until.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

const topic = unique("orders")
const group = unique("billing")
/** So many that a page of partitions does not hold them all. */
const PARTITIONS = 230
const UNREAD_ON_LAST = 7

let database: Awaited<ReturnType<typeof createDatabase>>
let world: LagWorld
beforeAll(async () => {
  database = await createDatabase(inject("postgresUrl"))
  world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  await createTopic(kafkaClient(), topic, { partitions: PARTITIONS })
  const written = { 0: 10, 1: 20, 2: 30, [PARTITIONS - 1]: UNREAD_ON_LAST }
  // Partition 2 stays without a commit.
  const committed = { 0: 4n, 1: 20n, [PARTITIONS - 1]: 0n }
  // kafkajs would write twice what it sends again, and join the group to commit.
  await using broker = connectKafka(inject("kafkaBootstrap"))
  const soon = AbortSignal.timeout(120_000)
  const message = { destination: topic, key: null, value: Buffer.from("order"), headers: [], timestamp: null }
  const messages = Object.entries(written).flatMap(([partition, count]) =>
    Array.from({ length: count }, () => ({ ...message, partition: Number(partition) })),
  )
  await broker.producer?.send(messages, soon)
  const positions = Object.entries(committed).map(([partition, offset]) => ({
    destination: topic,
    partition: Number(partition),
    offset,
  }))
  await broker.offsets?.commit({ name: group, type: "classic" }, positions, soon)
  await world.sweep(Date.now() - 2000)
  await world.describe()
  await world.sweep()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const list = (how: object = {}) =>
  listPartitions(world.ctx, listPartitionsInput.parse({ cluster: CLUSTER, group, ...how }))

describe("the partitions of a group", () => {
  it("tell where it stands on each, and nothing where it never committed", async () => {
    const { rows, total } = await list({ pageSize: 3 })
    expect(total).toBe(PARTITIONS)
    expect(rows).toMatchObject([
      { destination: topic, partition: 0, start: 0, end: 10, committed: 4, lag: 6, lost: 0, member: null },
      { destination: topic, partition: 1, start: 0, end: 20, committed: 20, lag: 0, timeLag: 0 },
      { destination: topic, partition: 2, start: 0, end: 30, committed: null, lag: null, timeLag: null },
    ])
    // The age of the oldest unread message is read from the message itself.
    expect(rows[0]?.timeLagSource).toBe("record")
    expect(rows[0]?.timeLag).toBeGreaterThan(0)
    expect(rows[0]?.timeLag).toBeLessThan(60_000)
  })

  it("are sorted and paged by the server", async () => {
    const worst = await list({ sort: "lag", dir: "desc", pageSize: 2 })
    expect(worst.rows.map((row) => [row.partition, row.lag])).toEqual([
      [PARTITIONS - 1, UNREAD_ON_LAST],
      [0, 6],
    ])
    const last = await list({ page: 2, pageSize: 200 })
    expect(last.rows).toHaveLength(PARTITIONS - 200)
    expect(last.rows.at(-1)?.partition).toBe(PARTITIONS - 1)
  })
})

describe("the heat map of a group", () => {
  it("holds the lag of the partitions that lag most, at each moment that was sampled", async () => {
    const to = Date.now() + 10_000
    const input = { cluster: CLUSTER, group, destination: topic, from: to - 600_000, to, points: 60 }
    const heat = await lagHeat(world.ctx, input)
    expect(heat).toMatchObject({ destination: topic, total: PARTITIONS })
    expect(heat.partitions).toHaveLength(64)
    const known = (partition: number) =>
      heat.lag[heat.partitions.indexOf(partition)]?.filter((lag) => lag !== null) ?? []
    expect(new Set(known(0))).toEqual(new Set([6]))
    expect(new Set(known(1))).toEqual(new Set([0]))
    expect(new Set(known(PARTITIONS - 1))).toEqual(new Set([UNREAD_ON_LAST]))
    expect(heat.lag.every((row) => row.length === heat.at.length)).toBe(true)
  })
})

describe("the members of a group", () => {
  it("are there with the lag of all that each is assigned", async () => {
    const consumer = kafkaClient().consumer({ groupId: group })
    await consumer.connect()
    await consumer.subscribe({ topic })
    // It reads nothing on, so that the lag stays what it is.
    await consumer.run({ autoCommit: false, eachBatch: () => sleep(500) })
    try {
      const told = await seenUntil(
        () => listMembers(world.ctx, { cluster: CLUSTER, group }),
        (seen) => Boolean(seen.members?.[0]?.assignment?.length),
      )
      expect(told).toMatchObject({ state: "stable", assignor: "RoundRobinAssigner", problems: [] })
      expect(told.members).toMatchObject([{ clientId: "kafkajs", lag: 6 + UNREAD_ON_LAST }])
      expect(told.members?.[0]?.assignment?.[0]?.partitions).toHaveLength(PARTITIONS)
      const { rows } = await list({ pageSize: 1 })
      expect(rows[0]?.member).toMatchObject({ clientId: "kafkajs" })
    } finally {
      await consumer.disconnect()
    }
  })

  it.each([
    { members: 3, listed: 3 },
    { members: 205, listed: 200 },
  ])("are all listed up to 200, and of $members those with the largest lag", async ({ members, listed }) => {
    const crowded = unique("crowded")
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const everywhere = Array.from({ length: PARTITIONS }, (_, partition) => ({
      destination: topic,
      partition,
      offset: 0n,
    }))
    const of = { name: crowded, type: "classic" as const }
    await broker.offsets?.commit(of, everywhere, AbortSignal.timeout(60_000))
    await world.sweep()
    await using crowd = await joinCrowd({ topic, group: crowded, members })
    const told = await seenUntil(
      async () => {
        await crowd.beat()
        return listMembers(world.ctx, { cluster: CLUSTER, group: crowded })
      },
      ({ members: seen, memberCount }) =>
        memberCount === members && (seen?.every((one) => (one.assignment?.length ?? 0) > 0) ?? false),
    )
    expect(told).toMatchObject({ state: "stable", memberCount: members, problems: [] })
    expect(told.members).toHaveLength(listed)
    expect(new Set(told.members?.map((member) => member.id)).size).toBe(listed)
    const lags = told.members?.map((member) => member.lag ?? Number.NaN) ?? []
    // Whoever waits for something is among them.
    expect(lags.reduce((sum, lag) => sum + lag, 0)).toBe(10 + 20 + 30 + UNREAD_ON_LAST)
    if (members > listed) expect(lags).toEqual(lags.toSorted((a, b) => b - a))
  })

  it("are told as unknown, with the reason, for a group that is gone", async () => {
    const gone = unique("gone")
    const admin = kafkaClient().admin()
    await commit(kafkaClient(), gone, { topic, offsets: { 0: 1 } })
    await world.sweep()
    await admin.connect()
    await admin.deleteGroups([gone])
    await admin.disconnect()
    const told = await listMembers(world.ctx, { cluster: CLUSTER, group: gone })
    expect(told).toMatchObject({ state: "unknown", members: null })
    expect(told.problems).toMatchObject([{ code: "not_found" }])
  })
})
