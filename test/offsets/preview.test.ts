import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Strategy } from "#server/offsets/model.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { startMember } from "#test/brokers/member.ts"
import { BEGAN, described, offsetsWorld, type Shelf, shelf, stand } from "./world.ts"

let world: Awaited<ReturnType<typeof offsetsWorld>>
beforeAll(async () => {
  world = await offsetsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const MINUTE = 60_000

/** Each row: the strategy on a group that stands at 60 and 40 of 100; where it goes. */
const STRATEGIES: [string, (on: Shelf & { other: string }) => Strategy, [number, number]][] = [
  ["earliest", () => ({ kind: "earliest" }), [0, 0]],
  ["latest", () => ({ kind: "latest" }), [100, 100]],
  ["to a date and time", () => ({ kind: "time", at: BEGAN + 30 * MINUTE - 1 }), [30, 30]],
  ["to an offset", () => ({ kind: "offset", offset: 55 }), [55, 55]],
  ["back by ten", () => ({ kind: "shift", by: -10 }), [50, 30]],
  ["on by ten", () => ({ kind: "shift", by: 10 }), [70, 50]],
  ["back by a duration", () => ({ kind: "back", ms: Date.now() - BEGAN - 20 * MINUTE + 1000 }), [20, 20]],
  ["to another group's position", ({ other }) => ({ kind: "group", group: other }), [11, 22]],
  ["from a CSV", ({ topic }) => ({ kind: "csv", text: `${topic},0,5\n${topic},1,6` }), [5, 6]],
]

describe("a preview", () => {
  it.each(STRATEGIES)(
    "%s is what is written and what Kafka's own tool then says",
    async (_, strategy, to) => {
      const { topic, group } = await shelf()
      const other = unique("other")
      await stand(other, { topic, offsets: { 0: 11, 1: 22 } })
      const plan = await world.preview(group, strategy({ topic, group, other }))
      expect(plan.lines.map((line) => [line.from, line.to])).toEqual([
        [60, to[0]],
        [40, to[1]],
      ])
      const again = Math.max(0, 60 - to[0]) + Math.max(0, 40 - to[1])
      expect(plan.totals).toMatchObject({ again, troubled: 0 })
      const applied = await world.apply(group, plan.id)
      expect(applied).toMatchObject({ outcome: "applied" })
      expect(await described(group)).toEqual({ [`${topic}/0`]: to[0], [`${topic}/1`]: to[1] })
    },
  )

  it("tells the time at the target, what is read again, and about how many bytes", async () => {
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "time", at: BEGAN + 30 * MINUTE - 1 })
    expect(plan.lines.map((line) => line.time)).toEqual([BEGAN + 30 * MINUTE, BEGAN + 30 * MINUTE])
    expect(plan.lines.map((line) => line.again)).toEqual([30, 10])
    expect(plan.totals.bytes).toBeGreaterThan(100)
    const offset = await world.preview(group, { kind: "offset", offset: 7 })
    expect(offset.lines[0]?.time).toBe(BEGAN + 7 * MINUTE)
  })

  it("clamps what does not exist, and says so", async () => {
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "offset", offset: 5000 })
    expect(plan.lines[0]).toMatchObject({ to: 100, clamped: { wanted: 5000, why: "not_written" } })
    expect(plan.totals.clamped).toBe(2)
  })

  it("says of a topic and a partition that do not exist that there is none", async () => {
    const { topic, group } = await shelf()
    const scope = [{ destination: topic, partitions: [0, 9] }, { destination: "no-such-topic" }]
    const plan = await world.preview(group, { kind: "earliest" }, scope)
    expect(plan.lines.map((line) => line.trouble)).toEqual([
      "There is no topic no-such-topic.",
      null,
      `${topic} has no partition 9.`,
    ])
    expect(plan.totals).toMatchObject({ moved: 1, troubled: 2 })
  })

  it("moves some partitions and leaves the others", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "earliest" }, [{ destination: topic, partitions: [1] }])
    await world.apply(group, plan.id)
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 0 })
  })

  it("creates a group at a position, when that is asked for", async () => {
    const { topic } = await shelf({})
    const group = unique("newcomer")
    const absent = { code: "not_found" }
    await expect(world.preview(group, { kind: "latest" })).rejects.toMatchObject(absent)
    await expect(world.preview(group, { kind: "latest" }, [{ destination: topic }])).rejects.toMatchObject(
      absent,
    )
    await expect(world.previewNew(group, { kind: "latest" })).rejects.toMatchObject(absent)
    const plan = await world.previewNew(group, { kind: "offset", offset: 12 }, [{ destination: topic }])
    expect(plan).toMatchObject({ existed: false, totals: { moved: 2 } })
    await world.apply(group, plan.id)
    expect(await described(group)).toEqual({ [`${topic}/0`]: 12, [`${topic}/1`]: 12 })
  })

  it("deletes the offsets of a topic, and keeps those of the others", async () => {
    const { topic, group } = await shelf()
    const kept = unique("parcels")
    await createTopic(kafkaClient(), kept)
    await stand(group, { topic: kept, offsets: { 0: 0 } })
    const plan = await world.preview(group, { kind: "forget" }, [{ destination: topic }])
    expect(plan.totals).toMatchObject({ forgotten: 2, moved: 2 })
    expect(await world.apply(group, plan.id)).toMatchObject({ outcome: "applied" })
    expect(await world.commits(group)).toEqual({ [`${kept}/0`]: 0 })
  })

  it("moves the start of a share group, where a part of a topic cannot be forgotten", async () => {
    const { topic } = await shelf({})
    const group = unique("sharing")
    const member = await startMember({ topic, group, protocol: "share" })
    await member.stop()
    const plan = await world.preview(group, { kind: "offset", offset: 33 }, [{ destination: topic }])
    expect(plan).toMatchObject({ groupType: "share", warnings: [expect.stringContaining("in flight")] })
    expect(await world.apply(group, plan.id)).toMatchObject({ outcome: "applied" })
    expect(await described(group, "share-groups")).toEqual({ [`${topic}/0`]: 33, [`${topic}/1`]: 33 })
    const part = await world.preview(group, { kind: "forget" }, [{ destination: topic, partitions: [0] }])
    expect(part.lines[0]?.trouble).toBe("A share group forgets whole topics only.")
  })

  it("warns when commits still move though nobody is in the group", async () => {
    const { topic, group } = await shelf()
    await world.sweep()
    await stand(group, { topic, offsets: { 0: 61 } })
    await world.sweep()
    const plan = await world.preview(group, { kind: "earliest" })
    expect(plan.warnings).toEqual([expect.stringContaining("assign()")])
  })
})
