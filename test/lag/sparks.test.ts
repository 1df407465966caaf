import { describe, expect, it } from "vitest"
import { clusterRates, listGroups, listGroupsInput } from "#server/lag/queries/index.ts"
import { rollUp } from "#server/store/index.ts"
import { type Offset, type Seen, STEP, seriesWorld } from "./series-world.ts"

const MINUTE = 60_000

/** A world whose last full minute is the last of a sparkline, with one sweep a minute, each at the end of its minute. */
async function minutesWorld(seen: readonly (Record<string, Seen> | null)[]) {
  const world = await seriesWorld(Math.floor(Date.now() / MINUTE) * MINUTE)
  for (const [i, one] of seen.entries())
    if (one) await world.sweep(world.now - (seen.length - 1 - i) * MINUTE - STEP, one)
  await rollUp(world.store, world.now + MINUTE)
  return world
}

const orders = (ends: (number | null)[], committed: Offset[]) => ({
  orders: { ends, commits: { billing: committed } },
})

/** The last minutes of the only cluster. */
async function rates(world: Awaited<ReturnType<typeof minutesWorld>>, count: number) {
  const [one] = await clusterRates(world.ctx, { clusters: [] })
  return { produced: one?.produced.slice(-count), consumed: one?.consumed.slice(-count) }
}

describe("the sparklines of a cluster", () => {
  it("count each partition from its second row, and have a gap where one is unknown", async () => {
    await using world = await minutesWorld([
      orders([600, 5_000_000], [0, "none"]),
      orders([1200, 5_000_600], [600, "none"]),
      orders([1800, null], [1200, 4_000_000]),
      orders([2400, null], [1800, 4_000_600]),
      orders([3000, 5_002_400], [2400, 4_001_200]),
      orders([3600, 5_003_000, 70_000], [3000, 4_001_800, "none"]),
    ])
    expect(await rates(world, 6)).toEqual({
      produced: [null, 20, null, null, null, 20],
      consumed: [null, 10, 10, 20, 20, 20],
    })
  })

  it("stay null while nothing else changes, and after minutes without a sweep", async () => {
    await using world = await minutesWorld([
      orders([600, 600], [0, 0]),
      orders([600, null], [0, 0]),
      orders([600, null], [0, 0]),
      null,
      orders([6000, 6000], [0, 0]),
      orders([6600, 6000], [0, 0]),
    ])
    expect(await rates(world, 6)).toEqual({
      produced: [null, null, null, null, null, 10],
      consumed: [null, 0, 0, null, null, 0],
    })
  })

  it("leave out internal topics, going back, and what Signalbox itself skipped", async () => {
    const both = (ends: number[], committed: Offset[], internal: number) => ({
      ...orders(ends, committed),
      __consumer_offsets: { ends: [internal] },
    })
    const seen = [
      both([1000], [100], 10),
      both([1600], [900], 9000),
      both([100], [50], 18_000),
      both([700], [650], 27_000),
    ]
    await using world = await minutesWorld(seen)
    await world.store.prisma.destination.updateMany({
      where: { name: "__consumer_offsets" },
      data: { internal: true },
    })
    await world.store.prisma.offsetPlan.create({
      data: {
        id: "plan",
        clusterId: world.clusterId,
        group: "billing",
        groupType: "classic",
        existed: true,
        strategy: {},
        state: "applied",
        lines: [{ destination: "orders", partition: 0, from: 100, to: 600, result: "written" }],
        createdBy: "test",
        appliedAt: new Date(world.now - 2 * MINUTE - 30_000),
      },
    })
    expect(await rates(world, 4)).toEqual({ produced: [null, 10, 0, 10], consumed: [null, 5, 0, 10] })
  })
})

describe("the sparkline of a group", () => {
  it("is its lag, and null where a part of it is unknown", async () => {
    const { sweeps, expected } = lagSweeps()
    await using world = await minutesWorld(sweeps)
    for (const [group, id] of world.ids.groups)
      for (const destinationId of world.ids.topics.values())
        await world.store.prisma.groupDestination
          .create({ data: { groupId: id, destinationId, status: "ok" } })
          .catch((cause: unknown) => {
            throw new Error(group, { cause })
          })
    const { rows } = await listGroups(world.ctx, listGroupsInput.parse({}))
    const spark = (name: string) => rows.find((row) => row.name === name)?.spark.slice(-sweeps.length)
    expect(spark("billing")).toEqual(expected.billing)
    expect(spark("shipping")).toEqual(expected.shipping)
  })
})

/** billing reads two topics, shipping one; partition 1 of orders loses its leader for a minute. */
function lagSweeps() {
  const stock = (lag: number) => ({ ends: [50], commits: { billing: [50 - lag] } })
  const of = (ends: (number | null)[], billing: Offset[] | null, shipping: Offset[]) => ({
    orders: { ends, commits: { billing, shipping } },
    stock: stock(7),
  })
  return {
    sweeps: [
      of([100, 100], [90, 95], [100, 100]),
      of([110, null], [90, 95], [100, "none"]),
      of([110, 100], null, [90, "none"]),
      of([110, 100, 30], [110, 100, "none"], [110, "none", "none"]),
    ],
    expected: {
      billing: [22, null, null, 7],
      shipping: [0, 10, 20, 0],
    },
  }
}
