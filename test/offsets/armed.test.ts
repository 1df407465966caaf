import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createToken } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { applyArmed, armPlan, cancelPlan, listArmed } from "#server/offsets/index.ts"
import { unique } from "#test/brokers/kafka-world.ts"
import { startMember } from "#test/brokers/member.ts"
import { CLUSTER } from "#test/lag/world.ts"
import { offsetsWorld, shelf, stand } from "./world.ts"

let world: Awaited<ReturnType<typeof offsetsWorld>>
let cluster: { id: number; slug: string }
beforeAll(async () => {
  world = await offsetsWorld()
  cluster = await world.store.prisma.cluster.findFirstOrThrow({ select: { id: true, slug: true } })
})
afterAll(() => world[Symbol.asyncDispose]())

/** What a collector does every other second. */
function look(change: Partial<Context> = {}): Promise<void> {
  return applyArmed({ ...world.ctx, actor: { kind: "system" }, ...change }, cluster)
}

function arm(group: string, plan: string) {
  return armPlan(world.ctx, { cluster: CLUSTER, group, plan, forMs: 15 * 60_000 })
}

describe("an armed plan", () => {
  it.each(["classic", "consumer"] as const)(
    "is applied by itself when the last member of a %s group leaves",
    async (protocol) => {
      const { topic, group } = await shelf()
      const member = await startMember({ topic, group, protocol })
      const plan = await world.preview(group, { kind: "earliest" })
      await arm(group, plan.id)
      await look()
      expect(await world.get(group, plan.id)).toMatchObject({ state: "armed", armedBy: "ann@example.org" })
      expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 40 })
      await member.stop()
      await look()
      expect(await world.get(group, plan.id)).toMatchObject({
        state: "applied",
        appliedBy: "ann@example.org",
      })
      expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 0, [`${topic}/1`]: 0 })
      const entry = (await world.audit()).at(-1)
      expect(entry).toMatchObject({ actor: "system", result: "ok", after: { by: "ann@example.org" } })
    },
  )

  it("counts from where the group stopped, not from where it was armed", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "shift", by: -10 })
    await arm(group, plan.id)
    await stand(group, { topic, offsets: { 0: 80, 1: 70 } })
    await look()
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 70, [`${topic}/1`]: 60 })
    expect((await world.get(group, plan.id)).lines.map((line) => line.from)).toEqual([80, 70])
  })

  it("expires, and then is not applied", async () => {
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "earliest" })
    await arm(group, plan.id)
    await look({ now: () => Date.now() + 16 * 60_000 })
    expect(await world.get(group, plan.id)).toMatchObject({
      state: "expired",
      outcome: `${group} did not become empty in time.`,
    })
    expect(Object.values(await world.commits(group))).toEqual([60, 40])
  })

  it("is seen by all, one a group, and can be cancelled", async () => {
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "earliest" })
    const other = await world.preview(group, { kind: "latest" })
    await arm(group, plan.id)
    await expect(arm(group, other.id)).rejects.toMatchObject({ code: "conflict" })
    const viewer: Context = {
      ...world.ctx,
      actor: { kind: "user", id: "v", email: "v", role: "viewer", clusters: {} },
    }
    expect(await listArmed(viewer, { group })).toMatchObject([{ id: plan.id, group }])
    const stranger: Context = {
      ...viewer,
      actor: { kind: "user", id: "s", email: "s", role: null, clusters: {} },
    }
    expect(await listArmed(stranger, { group })).toEqual([])
    await cancelPlan(world.ctx, { cluster: CLUSTER, group, plan: plan.id })
    await look()
    expect(Object.values(await world.commits(group))).toEqual([60, 40])
    expect((await world.audit()).slice(-2).map((one) => one.action)).toEqual([
      "offsets.arm",
      "offsets.cancel",
    ])
  })

  it("that was interrupted after some partitions were written is carried through, once", async () => {
    const { topic, group } = await shelf()
    const plan = await world.preview(group, { kind: "shift", by: -10 })
    await world.store.prisma.offsetPlan.update({
      where: { id: plan.id },
      data: { state: "applying", appliedAt: new Date(), appliedBy: "ann@example.org", snapshotId: "taken" },
    })
    await stand(group, { topic, offsets: { 0: 50 } })
    await Promise.all([look(), look()])
    expect(await world.commits(group)).toEqual({ [`${topic}/0`]: 50, [`${topic}/1`]: 30 })
    expect((await world.get(group, plan.id)).state).toBe("applied")
    const entries = (await world.audit()).filter((one) => one.target.endsWith(group))
    expect(entries.map((one) => one.result)).toEqual(["ok"])
  })
})

describe("an armed plan of somebody who may no longer reset offsets", () => {
  const users = () => world.store.prisma.user
  const tokens = () => world.store.prisma.apiToken

  it.each([
    {
      who: "was disabled",
      lose: ({ id }: Known) => users().update({ where: { id }, data: { disabledAt: new Date() } }),
      told: "was disabled or removed",
    },
    {
      who: "was removed",
      lose: ({ id }: Known) => users().delete({ where: { id } }),
      told: "was disabled or removed",
    },
    {
      who: "is a viewer now",
      lose: ({ id }: Known) => users().update({ where: { id }, data: { role: "viewer" } }),
      told: `no longer has the role operator on the cluster ${CLUSTER}`,
    },
    {
      who: "armed it by a token that was revoked",
      by: tokenOf,
      lose: ({ id }: Known) => tokens().update({ where: { id }, data: { revokedAt: new Date() } }),
      told: "has expired or was revoked, or its owner was disabled",
    },
    {
      who: "armed it by a token that has expired",
      by: tokenOf,
      lose: ({ id }: Known) => tokens().update({ where: { id }, data: { expiresAt: new Date() } }),
      told: "has expired or was revoked, or its owner was disabled",
    },
    {
      who: "armed it by a token whose owner is a viewer now",
      by: tokenOf,
      lose: () => users().updateMany({ where: { name: "Bob" }, data: { role: "viewer" } }),
      told: `no longer has the role operator on the cluster ${CLUSTER}`,
    },
  ])("is not applied: who $who", async ({ by, lose, told }) => {
    const bob = await somebody({ role: "operator" })
    const actor = by ? await by(bob) : bob
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "earliest" })
    await armPlan({ ...world.ctx, actor }, { cluster: CLUSTER, group, plan: plan.id, forMs: 15 * 60_000 })
    await lose(actor)
    await look()
    const after = await world.get(group, plan.id)
    expect(after).toMatchObject({ state: "draft", armedUntil: null, appliedBy: null })
    expect(after.outcome).toContain(told)
    expect(Object.values(await world.commits(group))).toEqual([60, 40])
    expect((await world.audit()).at(-1)).toMatchObject({
      ...{ action: "offsets.apply", result: "refused", reason: after.outcome, target: `${CLUSTER}/${group}` },
    })
  })

  it("is applied for who has the role on this cluster only, whatever else changed", async () => {
    const bob = await somebody({ role: "operator" })
    const { group } = await shelf()
    const plan = await world.preview(group, { kind: "earliest" })
    await armPlan({ ...world.ctx, actor: bob }, { cluster: CLUSTER, group, plan: plan.id, forMs: 60_000 })
    const grants = { create: { clusterId: cluster.id, role: "operator" } }
    await users().update({ where: { id: bob.id }, data: { role: null, grants } })
    await look()
    expect((await world.get(group, plan.id)).state).toBe("applied")
  })
})

type Known = Extract<Actor, { kind: "user" | "token" }>

async function somebody({ role }: { role: "operator" }): Promise<Extract<Actor, { kind: "user" }>> {
  const id = unique("bob")
  const email = `${id}@example.org`
  await world.store.prisma.user.create({ data: { id, email, role, name: "Bob" } })
  return { kind: "user", id, email, role, clusters: {} }
}

async function tokenOf(owner: Extract<Actor, { kind: "user" }>): Promise<Known> {
  const name = unique("runbook")
  await createToken({ ...world.ctx, actor: owner }, { name, role: "operator", clusters: {}, days: 1 })
  const { id } = await world.store.prisma.apiToken.findFirstOrThrow({ where: { name }, select: { id: true } })
  return { kind: "token", id, name, role: "operator", clusters: {} }
}
