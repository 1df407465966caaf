import { describe, expect, it } from "vitest"
import type { Problem } from "#server/brokers/broker.ts"
import { commit, createTopic, kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { resetWithoutLeader } from "#test/offsets/leaderless.ts"
import { until } from "#test/until.ts"
import { faultWorld } from "./fault-world.ts"

const INTERVAL = 1000

describe("what a collector depends on goes away", () => {
  it("says that no broker answers while none does, and goes on by itself when one is back", async () => {
    await using world = await faultWorld(INTERVAL)
    world.start()
    await until("it samples", async () => (await world.sweeps()).length >= 3)
    await world.kafka.nodes[0]?.kill()
    const errorOf = async () =>
      (await world.store.prisma.clusterState.findFirst({ select: { error: true } }))?.error ?? null
    await until(
      "the failure is told",
      async () => (await errorOf())?.includes("No broker of the cluster could be asked") ?? false,
    )
    const before = (await world.sweeps()).at(-1) ?? 0
    await world.kafka.nodes[0]?.start()
    await until("it samples again", async () => ((await world.sweeps()).at(-1) ?? 0) > before)
    await until("the failure is forgotten", async () => (await errorOf()) === null)
  })

  it("keeps what the other brokers tell while one of three is down, names the rest, resets what has a leader, and goes on by itself", async () => {
    await using world = await faultWorld(INTERVAL, 3)
    const client = kafkaClient(world.kafka.bootstrap)
    await createTopic(client, "orders", { partitions: 6, replicas: 1 })
    const messages = Array.from({ length: 6 }, (_, partition) => ({ partition, value: "x" }))
    await produce(client, "orders", messages)
    await commit(client, "billing", { topic: "orders", offsets: { 0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 } })
    world.start()
    const state = () => world.store.prisma.clusterState.findFirst({ select: { error: true, problems: true } })
    const problems = async () => {
      const stored = (await state())?.problems as
        | Partial<Record<"sweep" | "description", Problem[]>>
        | undefined
      return stored ? Object.values(stored).flat() : null
    }
    await until("it samples without a problem", async () => (await problems())?.length === 0)
    await world.kafka.nodes[2]?.kill()
    const isOnOrders = (one: Problem) => one.part.kind === "destination" && one.part.destination === "orders"
    await until("the partitions without a leader are named", async () =>
      Boolean((await problems())?.some(isOnOrders)),
    )
    const unknown = ((await problems()) ?? []).filter(isOnOrders).length
    expect(unknown).toBeGreaterThan(0)
    expect(unknown).toBeLessThan(6)
    // It is no failure of the cluster, and sweeps go on.
    expect((await state())?.error).toBeNull()
    const before = (await world.sweeps()).at(-1) ?? 0
    await until("it samples on", async () => ((await world.sweeps()).at(-1) ?? 0) > before)
    const rest = await resetWithoutLeader(world.ctx, { cluster: "shop", group: "billing" })
    await world.kafka.nodes[2]?.start()
    await until("no problem is left", async () => (await problems())?.length === 0)
    await rest()
  })

  it("waits for Postgres to come back, and leaves a gap for that time", async () => {
    await using world = await faultWorld(INTERVAL)
    const collector = world.start()
    await until("it samples", async () => (await world.sweeps()).length >= 5)
    await world.postgres.kill()
    const killedAt = Date.now()
    // The gap is to be longer than what passes between two sweeps.
    await until("six sweeps are missed", () => Date.now() > killedAt + 6 * INTERVAL)
    const startedAt = Date.now()
    await world.postgres.start()
    await until("it samples again", async () => ((await world.sweeps()).at(-1) ?? 0) > startedAt)
    expect(collector.exitCode).toBeNull()
    const sweeps = await world.sweeps()
    expect(sweeps.filter((at) => at > killedAt + INTERVAL && at < startedAt - INTERVAL)).toEqual([])
    expect(new Set(sweeps).size).toBe(sweeps.length)
  })
})
