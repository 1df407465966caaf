import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { listResets, undoPlan } from "#server/offsets/index.ts"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { startMember } from "#test/brokers/member.ts"
import { CLUSTER } from "#test/lag/world.ts"
import { until } from "#test/until.ts"
import { described, offsetsWorld, shelf, stand } from "./world.ts"

let world: Awaited<ReturnType<typeof offsetsWorld>>
beforeAll(async () => {
  world = await offsetsWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

async function undo(group: string, plan: string) {
  const made = await undoPlan(world.ctx, { cluster: CLUSTER, group, plan })
  return world.get(group, made.plan)
}

describe("applying a plan", () => {
  it.each(["classic", "consumer"] as const)(
    "a %s group that is active is refused with its members named",
    async (protocol) => {
      const { topic, group } = await shelf()
      const plan = await world.preview(group, { kind: "earliest" })
      const member = await startMember({ topic, group, protocol, clientId: "billing-7" })
      await expect(world.apply(group, plan.id)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringMatching(/is active: billing-7 on 127\.0\.0\.1\. Stop them, or arm/),
      })
      expect((await world.get(group, plan.id)).members).toEqual([
        { clientId: "billing-7", host: "127.0.0.1" },
      ])
      await member.stop()
      expect(await described(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 40 })
      expect(await world.apply(group, plan.id)).toMatchObject({ outcome: "applied" })
      expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 0, [`${topic}/1`]: 0 })
    },
  )

  it("writes nothing when a commit moved since the preview, and shows the new preview", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "shift", by: -10 })
    await stand(group, { topic, offsets: { 1: 45 } })
    const moved = await world.apply(group, plan.id)
    expect(moved).toMatchObject({
      outcome: "moved",
      message: expect.stringContaining("stands at 45, not at 40"),
    })
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 45 })
    expect(await world.get(group, plan.id)).toMatchObject({ state: "replaced", replacedBy: moved.plan })
    const fresh = await world.get(group, moved.plan)
    expect(fresh.lines.map((line) => line.to)).toEqual([50, 35])
    await expect(world.apply(group, plan.id)).rejects.toMatchObject({ code: "conflict" })
    expect(await world.apply(group, moved.plan)).toMatchObject({ outcome: "applied" })
  })

  it("writes nothing when what it goes to was deleted since the preview", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "offset", offset: 5 })
    const admin = kafkaClient().admin()
    await admin.connect()
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "20" }] })
    await admin.disconnect()
    const moved = await world.apply(group, plan.id)
    expect(moved).toMatchObject({ outcome: "moved", message: expect.stringContaining("were deleted") })
    const fresh = await world.get(group, moved.plan)
    expect(fresh.lines[0]).toMatchObject({ to: 20, clamped: { wanted: 5, why: "deleted" } })
  })

  it("tells a partial failure partition by partition, and applies the rest later", async () => {
    const { topic, group } = await shelf()
    const gone = unique("gone")
    const kafka = kafkaClient()
    await createTopic(kafka, gone, { partitions: 1 })
    await produce(kafka, gone, [{ partition: 0, value: "one" }])
    const plan = await world.preview(group, { kind: "latest" }, [
      { destination: topic },
      { destination: gone },
    ])
    const admin = kafka.admin()
    await admin.connect()
    await admin.deleteTopics({ topics: [gone] })
    await until("the topic is gone", async () => !(await admin.listTopics()).includes(gone))
    expect(await world.apply(group, plan.id)).toMatchObject({
      outcome: "partly",
      message: "2 of 3 partitions were updated and verified.",
    })
    const partly = await world.get(group, plan.id)
    expect(partly.lines.find((line) => line.destination === gone)).toMatchObject({
      result: "failed",
      error: expect.stringContaining("could not be written"),
    })
    await createTopic(kafka, gone, { partitions: 1 })
    await admin.disconnect()
    expect(await world.apply(group, plan.id)).toMatchObject({ outcome: "applied" })
    expect(await world.commits(group)).toMatchObject({ [`${gone}/0`]: 1, [`${topic}/0`]: 100 })
  })

  it("is undone exactly, also where there was no commit before", async () => {
    const { topic, group } = await shelf({ 0: 60 })
    const plan = await world.preview(group, { kind: "earliest" })
    await world.apply(group, plan.id)
    expect(await described(group)).toEqual({ [`${topic}/0`]: 0, [`${topic}/1`]: 0 })
    const back = await undo(group, plan.id)
    expect(back.lines.map((line) => [line.from, line.to])).toEqual([
      [0, 60],
      [0, null],
    ])
    expect(await world.apply(group, back.id)).toMatchObject({ outcome: "applied" })
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 60 })
    const again = await undo(group, back.id)
    await world.apply(group, again.id)
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 0, [`${topic}/1`]: 0 })
  })

  it("is in the audit log with what was and what is; so is one that was refused", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "offset", offset: 9 })
    await world.apply(group, plan.id)
    const entry = (await world.audit()).findLast((one) => one.target === `${CLUSTER}/${group}`)
    expect(entry).toMatchObject({
      actor: "ann@example.org",
      action: "offsets.apply",
      result: "ok",
      before: { positions: { [`${topic}/0`]: 60, [`${topic}/1`]: 40 } },
      after: { plan: plan.id, moved: 2, positions: { [`${topic}/0`]: 9, [`${topic}/1`]: 9 } },
    })
    const stale = await world.preview(group, { kind: "earliest" })
    await stand(group, { topic, offsets: { 1: 45 } })
    await world.apply(group, stale.id)
    const refused = (await world.audit()).findLast((one) => one.target === `${CLUSTER}/${group}`)
    expect(refused).toMatchObject({
      result: "refused",
      reason: expect.stringContaining("Nothing was written"),
    })
  })

  it("that another version has stored is refused by name, and hides none of the others", async () => {
    const { group } = await shelf()
    const strange = await world.preview(group, { kind: "earliest" })
    await world.apply(group, strange.id)
    const good = await world.preview(group, { kind: "offset", offset: 9 })
    await world.apply(group, good.id)
    const { prisma } = world.store
    await prisma.offsetPlan.update({ where: { id: strange.id }, data: { lines: [{ partition: "zero" }] } })
    const why = new RegExp(`The plan ${strange.id} was stored in a form.*lines.0`)
    await expect(world.get(group, strange.id)).rejects.toThrow(why)
    await expect(world.apply(group, strange.id)).rejects.toThrow(why)
    const resets = await listResets(world.ctx, { cluster: CLUSTER, group })
    expect(resets.map((one) => one.id)).toEqual([good.id])
  })

  it("is done once when two ask at the same time", async () => {
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "shift", by: -10 })
    const both = await Promise.allSettled([world.apply(group, plan.id), world.apply(group, plan.id)])
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"])
    expect(Object.values(await world.commits(group))).toEqual([50, 30])
  })
})
