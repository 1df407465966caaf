import { describe, expect, it } from "vitest"
import { activityInput, destinationActivity } from "#server/clusters/index.ts"
import { historyInput, lagHeat, lagHistory } from "#server/lag/queries/index.ts"
import { type Offset, type Seen, STEP, seriesWorld } from "./series-world.ts"

type World = Awaited<ReturnType<typeof seriesWorld>>

const HOUR = 3_600_000

const inputOf = (world: World, how: object = {}) =>
  historyInput.parse({
    cluster: "prod-eu",
    group: "billing",
    from: world.now - HOUR,
    to: world.now,
    points: 360,
    ...how,
  })

/** The last `count` values of a chart of the group. */
async function shown(world: World, count: number, how: object = {}) {
  const history = await lagHistory(world.ctx, inputOf(world, how))
  const last = (key: string) => history.series[key]?.slice(-count)
  return { history, last }
}

const orders = (ends: Seen["ends"], committed: Offset[], starts?: Seen["starts"]) => ({
  orders: { ends, commits: { billing: committed }, ...(starts ? { starts } : {}) },
})

describe("rates and lag over time", () => {
  it("have a gap, not a spike or a dip, where one of two partitions is unknown", async () => {
    await using world = await seriesWorld()
    const at = (i: number) => [1000 + i * 100, 5_000_000 + i * 100] as const
    await world.sweeps(
      Array.from({ length: 8 }, (_, i) => {
        const [a, b] = at(i)
        const unknown = i === 3 || i === 4
        return orders([a, unknown ? null : b], [a - 50, b - 50])
      }),
    )
    const { last } = await shown(world, 7)
    expect(last("produced")).toEqual([20, 20, null, null, null, 20, 20])
    expect(last("consumed")).toEqual([20, 20, 20, 20, 20, 20, 20])
    expect(last("lag")).toEqual([100, 100, null, null, 100, 100, 100])
    expect(last("lagAtLeast")).toEqual([null, null, 50, 50, null, null, null])
    const { series } = await destinationActivity(
      world.ctx,
      activityInput.parse({ cluster: "prod-eu", name: "orders", from: world.now - HOUR, to: world.now }),
    )
    const kept = series.kept?.slice(-7)
    expect(series.produced?.filter((rate) => rate !== null && rate !== 20)).toEqual([])
    expect(kept?.map((value) => value === null)).toEqual([false, false, true, true, false, false, false])
  })

  it("count a new partition, and a first commit, from their second sample", async () => {
    await using world = await seriesWorld()
    await world.sweeps([
      orders([100], [50]),
      orders([200], [150]),
      orders([300, 9000], [250, "none"]),
      orders([400, 9100], [350, 9000]),
      orders([500, 9200], [450, 9100]),
    ])
    const { last } = await shown(world, 4)
    expect(last("produced")).toEqual([10, 10, 10, 20])
    expect(last("consumed")).toEqual([10, 10, 10, 20])
    expect(last("lag")).toEqual([50, 50, 150, 150])
  })

  it("are unknown where a committed offset lies beyond the end, and leave out offsets without a message", async () => {
    await using world = await seriesWorld()
    await world.sweeps([
      orders([100, 1000], [90, 999]),
      orders([200, 1000], [190, 999]),
      orders([300, 1000], [290, 5000]),
    ])
    const destination = await world.store.prisma.destination.findFirstOrThrow({
      where: { name: "orders" },
      select: { id: true },
    })
    const marker = { destinationId: destination.id, partition: 1, fromOffset: 999n, toOffset: 1000n }
    await world.store.prisma.emptyOffsets.create({ data: { ...marker, seenAt: new Date() } })
    const { last } = await shown(world, 2)
    expect(last("lag")).toEqual([10, null])
    expect(last("lagAtLeast")).toEqual([null, 10])
  })

  it("take going back for no growth: a reset, a topic that begins anew", async () => {
    await using world = await seriesWorld()
    await world.sweeps([
      orders([100, 1000], [90, 900]),
      orders([200, 1100], [190, 1000]),
      orders([10, 1200], [5, 500]),
      orders([110, 1300], [105, 600]),
    ])
    const { last } = await shown(world, 3)
    expect(last("produced")).toEqual([20, 10, 20])
    expect(last("consumed")).toEqual([20, 0, 20])
  })

  it("divide by the time that passed, where a sweep was missed", async () => {
    await using world = await seriesWorld()
    await world.sweeps([
      orders([0], [0]),
      orders([100], [100]),
      null,
      orders([300], [300]),
      null,
      null,
      null,
      orders([900], [900]),
    ])
    const { last } = await shown(world, 7)
    expect(last("produced")).toEqual([10, null, 10, null, null, null, null])
    expect(last("lag")).toEqual([0, null, 0, null, null, null, 0])
  })

  it.each([
    ["forwards", { from: 100, to: 900 }, [100, 100, 900, 950], [0, 0, 5]],
    ["forwards, and read on from there at once", { from: 100, to: 900 }, [100, 100, 950, 950], [0, 5, 0]],
    ["back, and read again at once", { from: 100, to: 20 }, [100, 100, 70, 120], [0, 5, 5]],
  ])("do not take a position that Signalbox set for consumed: %s", async (_, move, committed, consumed) => {
    await using world = await seriesWorld()
    await world.sweeps(committed.map((offset) => orders([1000, 1000], [offset, 500])))
    const line = { destination: "orders", partition: 0, ...move, result: "written" }
    await world.store.prisma.offsetPlan.create({
      data: {
        id: "plan",
        clusterId: world.clusterId,
        group: "billing",
        groupType: "classic",
        existed: true,
        strategy: {},
        state: "applied",
        lines: [line],
        createdBy: "test",
        appliedAt: new Date(world.now - 2 * STEP + 700),
      },
    })
    const { last } = await shown(world, 3)
    expect(last("consumed")).toEqual(consumed)
  })

  it("do not hold on to commits of a group that cannot be read, or that has none any longer", async () => {
    await using world = await seriesWorld()
    const more = (ends: number[], billing: Offset[] | null, other: Offset[]) => ({
      orders: { ends, commits: { billing, shipping: other } },
      stock: { ends: [10], commits: { shipping: [10] } },
    })
    await world.sweeps([
      more([100], [90], [90]),
      more([200], null, [190]),
      more([300], [290], [290]),
      {
        orders: { ends: [400], commits: { billing: [] } },
        stock: { ends: [10], commits: { shipping: [10] } },
      },
    ])
    const { last } = await shown(world, 4)
    expect(last("lag")).toEqual([10, null, 10, null])
    const other = await shown(world, 4, { group: "shipping" })
    expect(other.last("lag")).toEqual([10, 10, 10, 0])
  })
})

describe("time lag over time", () => {
  it("is unknown, not 0, while messages are unread whose age is unknown", async () => {
    await using world = await seriesWorld()
    // The message at 50 was appended before all history; partition 1 is caught up.
    await world.sweeps(Array.from({ length: 4 }, (_, i) => orders([100 + i, 10], [50, 10])))
    const { last } = await shown(world, 4)
    expect(last("timeLag")).toEqual([null, null, null, null])
    expect(last("lag")).toEqual([50, 51, 52, 53])
  })

  it("is learned from before the range, at every moment of it", async () => {
    await using world = await seriesWorld()
    const minutes = 30
    const length = minutes * 6
    // 10 messages a second; the group reads what is 10 minutes old: 1 s of log a second.
    await world.sweeps(
      Array.from({ length }, (_, i) => orders([10_000 + i * 100, 5], [10_000 + i * 100 - 6000, 5])),
    )
    const from = world.now - 5 * 60_000
    const { last, history } = await shown(world, 20, { from })
    expect(history.at.length).toBeGreaterThan(20)
    for (const value of last("timeLag") ?? []) expect(Math.abs((value ?? 0) - 600_000)).toBeLessThan(1000)
  })
})

describe("the range of a chart", () => {
  it("has no bucket after the last sample, however far ahead it ends", async () => {
    await using world = await seriesWorld()
    await world.sweeps(Array.from({ length: 6 }, (_, i) => orders([i * 100], [i * 100 - 5])))
    const { history } = await shown(world, 1, { to: world.now + HOUR, from: world.now - 60_000 })
    expect(history.at.at(-1)).toBe(world.now)
    expect(history.series.produced?.at(-1)).toBe(10)
  })

  it.each([7, 30])(
    "shows %d days of a young installation from its samples, and says where it begins",
    async (days) => {
      await using world = await seriesWorld()
      await world.sweeps(Array.from({ length: 60 }, (_, i) => orders([i * 100], [i * 50])))
      const from = world.now - days * 24 * HOUR
      const { history } = await shown(world, 1, { from, points: 300 })
      expect(history).toMatchObject({ stepMs: STEP, resolutionMs: STEP, begins: world.now - 59 * STEP })
      expect(history.series.produced?.slice(1)).toEqual(Array.from({ length: 59 }, () => 10))
      expect(history.series.lag).toEqual(Array.from({ length: 60 }, (_, i) => i * 50))
      const heat = await lagHeat(world.ctx, inputOf(world, { from }))
      expect(heat.lag[0]?.filter((lag) => lag === null)).toEqual([])
    },
  )

  it("is empty before all history, and says where that begins", async () => {
    await using world = await seriesWorld()
    await world.sweeps([orders([5], [1]), orders([6], [1])])
    const range = { from: world.now - 3 * HOUR, to: world.now - 2 * HOUR }
    const { history } = await shown(world, 1, range)
    expect(history).toMatchObject({ at: [], begins: world.now - STEP, ahead: [] })
  })
})

describe("the lag ahead", () => {
  it("falls where the lag falls", async () => {
    await using world = await seriesWorld()
    await world.sweeps(Array.from({ length: 30 }, (_, i) => orders([9000 + i * 100], [4000 + i * 160])))
    const { ahead, series } = (await shown(world, 1)).history
    expect(ahead[0]).toEqual({ at: world.now, lag: series.lag?.at(-1) })
    expect(ahead.length).toBeGreaterThan(2)
    for (const [i, point] of ahead.entries())
      if (i > 0) expect(point.lag).toBeLessThan(ahead[i - 1]?.lag ?? 0)
  })

  it("does not outgrow what retention keeps", async () => {
    await using world = await seriesWorld()
    // Everything older than 3 minutes is deleted; nobody reads.
    const kept = 180 * 10
    const sweepOf = (i: number) => orders([5000 + i * 100], [5000], [Math.max(4900, 5000 + i * 100 - kept)])
    await world.sweeps(Array.from({ length: 20 }, (_, i) => sweepOf(i)))
    await world.store.prisma.destination.updateMany({
      data: { retentionMs: 180_000n, cleanupPolicy: "delete" },
    })
    const { ahead } = (await shown(world, 1)).history
    expect(Math.max(...ahead.map((point) => point.lag))).toBeLessThanOrEqual(kept)
  })
})

describe("the heat map", () => {
  it("holds the partitions that lagged most, of however many", async () => {
    await using world = await seriesWorld()
    const many = 300
    const ends = Array.from({ length: many }, () => 1000)
    const committed = ends.map((end, i) => (i % 10 === 7 ? end - i : end))
    await world.sweeps([orders(ends, committed), orders(ends, committed)])
    const heat = await lagHeat(world.ctx, inputOf(world))
    expect(heat.total).toBe(many)
    expect(heat.partitions).toHaveLength(64)
    expect(heat.partitions).toContain(297)
    expect(heat.lag[heat.partitions.indexOf(297)]?.at(-1)).toBe(297)
  })
})
