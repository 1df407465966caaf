import { describe, expect, it } from "vitest"
import {
  growthByMinute,
  growthOf,
  Holder,
  minuteAt,
  newSweepMemory,
  openGrid,
  ratesOf,
  readCommits,
  rollUp,
  sweptMinutes,
  transaction,
  writeSweep,
} from "#server/store/index.ts"
import { storeWorld } from "./world.ts"

const MINUTE = 60_000
const CLOSED = 5 * MINUTE

/** A world in which a group committed at these moments (s) of two minutes, rolled up; null: it had no commit. */
async function rolledWorld(commits: [number, bigint | null][]) {
  const from = Math.floor((Date.now() - CLOSED) / MINUTE) * MINUTE
  const world = await storeWorld(from)
  const { store, clusterId } = world
  const destination = await store.prisma.destination.create({
    data: { clusterId, name: "orders", partitions: 1 },
  })
  const memory = newSweepMemory()
  for (const [seconds, offset] of commits) {
    const commit = { groupId: 3, destinationId: destination.id, offsets: [offset], unknown: [] }
    const sweep = { clusterId, at: from + seconds * 1000, ms: 1, logs: [], commits: [commit] }
    await transaction(store, async (client) => (await writeSweep(client, sweep, memory)).remember())
  }
  await rollUp(store, from + CLOSED)
  return { ...world, store, clusterId, from }
}

/** Messages a second by the chart, in steps of a minute. */
async function chart(world: Awaited<ReturnType<typeof rolledWorld>>): Promise<(number | null)[]> {
  const { store, clusterId, from } = world
  const grid = await openGrid(store, {
    clusterId,
    intervalMs: 10_000,
    from,
    to: from + 2 * MINUTE,
    points: 2,
  })
  const [series] = await readCommits(store, { ...grid.span, groupId: 3 })
  const { at = [], offsets = [], lowest = [] } = series ?? {}
  return ratesOf([growthOf(new Holder({ at, rows: offsets, lowest }, grid), grid)], grid)
}

async function spark(world: Awaited<ReturnType<typeof rolledWorld>>): Promise<number[]> {
  const { store, clusterId, from } = world
  const span = { clusterIds: [clusterId], from: minuteAt(from), to: minuteAt(from) + 1 }
  return (await growthByMinute(store, "consumed", span)).map((one) => one.value ?? Number.NaN)
}

describe("growth by roll-ups", () => {
  it("is that of the last sample over the one of the minute before", async () => {
    await using world = await rolledWorld([
      [50, 10n],
      [70, 40n],
      [110, 70n],
    ])
    expect((await chart(world)).at(-1)).toBe(1)
    expect(await spark(world)).toEqual([60])
  })

  it("is none over a commit that expired and was made anew within a minute", async () => {
    await using world = await rolledWorld([
      [50, 10n],
      [70, null],
      [110, 70n],
    ])
    expect((await chart(world)).at(-1)).toBe(0)
    expect((await spark(world)).filter((value) => value > 0)).toEqual([])
  })

  it("lies between the last sweeps of two minutes, which may be more than a minute apart", async () => {
    await using world = await rolledWorld([
      [30, 10n],
      [110, 90n],
    ])
    const { store, clusterId, from } = world
    const minute = minuteAt(from)
    const swept = await sweptMinutes(store, { clusterIds: [clusterId], from: minute, to: minute + 1 })
    expect([...(swept.get(clusterId) ?? [])]).toEqual([
      [minute, from + 30_000],
      [minute + 1, from + 110_000],
    ])
  })
})
