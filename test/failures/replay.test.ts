import { describe, expect, it } from "vitest"
import type { Message } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import {
  controlReplay,
  controlReplayInput,
  deriveMend,
  getFailure,
  listFailures,
  listFailuresInput,
  listLetters,
  listLettersInput,
  listReplays,
  planReplay,
  planReplayInput,
  readLetter,
  startReplay,
  startReplayInput,
} from "#server/failures/index.ts"
import { runReplay } from "#server/failures/replay/run.ts"
import { listJobs } from "#server/jobs/index.ts"
import { CLUSTER, deadLetter, type FailureWorld, failureWorld, shopTopics } from "./world.ts"

const soon = () => AbortSignal.timeout(60_000)

interface Story {
  world: FailureWorld
  orders: string
  dead: string
  /** The failure group. */
  group: { cluster: string; id: number }
}

/** `count` orders of which the payment service could not read the amount, and the group they make. */
async function story(world: FailureWorld, count: number): Promise<Story> {
  const { orders, dead } = shopTopics()
  await world.topic(orders)
  await world.topic(dead)
  const headers = [{ key: "traceparent", value: Buffer.from("00-1-1-01") }]
  await world.send(
    Array.from({ length: count }, (_, i) =>
      deadLetter({ orders, dead, amount: `${i},50`, partition: i % 3, offset: BigInt(i), headers }),
    ),
  )
  await world.index()
  const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
  return { world, orders, dead, group: { cluster: CLUSTER, id: rows[0]?.id ?? 0 } }
}

async function allOf(world: FailureWorld, destination: string): Promise<Message[]> {
  const messages: Message[] = []
  for (const partition of [0, 1, 2]) {
    const sampled = await world.broker.sample({ destinations: [destination], groups: [] }, soon())
    const range = { destination, partition, from: 0n, to: sampled.destinations[0]?.ends[partition] ?? 0n }
    for await (const batch of world.broker.messages?.scan(range, soon()) ?? [])
      messages.push(...batch.messages.filter((one) => one.control === null))
  }
  return messages
}

async function replay({ world, group }: Story, input: Record<string, unknown>): Promise<string> {
  const plan = await planReplay(world.ctx, planReplayInput.parse({ ...group, ...input }))
  const start = startReplayInput.parse({ ...group, ...input, upTo: plan.upTo })
  return (await startReplay(world.ctx, start)).id
}

const decimalComma = { changes: [{ op: "replace", path: ["amount"], find: ",", with: "." }] }

describe("a replay", () => {
  it.each(["disabled", "demoted"])("stops when whoever started it is %s, and says so", async (how) => {
    await using world = await failureWorld()
    const at = await story(world, 8)
    const id = await replay(at, { order: { rate: 1 } })
    const running = runReplay(world.parts, id, soon())
    const job = () => world.store.prisma.replayJob.findUniqueOrThrow({ where: { id } })
    await expect.poll(async () => (await job()).sent).toBeGreaterThan(0)
    const lose = how === "disabled" ? { disabledAt: new Date() } : { role: "viewer" }
    await world.store.prisma.user.update({ where: { id: "u1" }, data: lose })
    await running
    const stopped = await job()
    expect(stopped).toMatchObject({ state: "stopped", reason: expect.stringContaining("ada@example.org") })
    expect(stopped.sent).toBeLessThan(8)
  })

  it("sends what was chosen to where it came from: mended, without the dialect's headers, marked", async () => {
    await using world = await failureWorld()
    const at = await story(world, 30)
    const input = planReplayInput.parse({ ...at.group, order: { mend: decimalComma, rate: 1000 } })
    const plan = await planReplay(world.ctx, input)
    expect(plan).toMatchObject({
      total: 30,
      replayedBefore: 0,
      targets: [{ destination: at.orders, messages: 30 }],
      takesMs: 30,
      warnings: [],
    })
    expect(plan.samples[0]).toMatchObject({ changed: true, destination: at.orders })
    const { id } = await startReplay(world.ctx, startReplayInput.parse({ ...input, upTo: plan.upTo }))
    await runReplay(world.parts, id, soon())
    const sent = await allOf(world, at.orders)
    expect(sent).toHaveLength(30)
    expect(sent.map((one) => JSON.parse(String(one.value)).amount).sort()).toEqual(
      Array.from({ length: 30 }, (_, i) => `${i}.50`).sort(),
    )
    expect(sent[0]?.headers.map((one) => one.key)).toEqual(["traceparent", "signalbox-replay"])
    expect(String(sent[0]?.headers[1]?.value)).toMatch(new RegExp(`^${id} ${at.dead}/\\d/\\d+$`))
    const [job] = await listReplays(world.ctx, at.group)
    expect(job).toMatchObject({ state: "done", total: 30, sent: 30, missing: 0, failedAgain: 0 })
    expect(await getFailure(world.ctx, at.group)).toMatchObject({
      present: 30,
      replayed: 30,
      deadPartitions: [0, 1, 2],
    })
    const again = await planReplay(world.ctx, planReplayInput.parse(at.group))
    expect(again.total).toBe(0)
  })

  it("of one message, or of some, leaves the others", async () => {
    await using world = await failureWorld()
    const at = await story(world, 5)
    const { rows } = await listLetters(world.ctx, listLettersInput.parse(at.group))
    const letters = [rows[1]?.id ?? ""]
    const id = await replay(at, { choice: { letters, replayed: "any" } })
    await runReplay(world.parts, id, soon())
    expect(await allOf(world, at.orders)).toHaveLength(1)
    const left = await planReplay(world.ctx, planReplayInput.parse(at.group))
    expect(left.total).toBe(4)
    expect(await getFailure(world.ctx, at.group)).toMatchObject({ present: 5, replayed: 1 })
  })

  it("leaves out the letters of a deleted topic, as the numbers of the page do", async () => {
    await using world = await failureWorld()
    const at = await story(world, 5)
    const id = await replay(at, { choice: { partition: 0 } })
    await runReplay(world.parts, id, soon())
    const before = await getFailure(world.ctx, at.group)
    expect((await planReplay(world.ctx, planReplayInput.parse(at.group))).total).toBe(
      before.present - before.replayed,
    )
    await world.store.prisma.destination.updateMany({
      where: { name: at.dead },
      data: { deletedAt: new Date() },
    })
    expect(await getFailure(world.ctx, at.group)).toMatchObject({ messages: 5, present: 0, replayed: 0 })
    expect((await planReplay(world.ctx, planReplayInput.parse(at.group))).total).toBe(0)
  })

  it("is paused and resumed where it stood, and can be cancelled", async () => {
    await using world = await failureWorld()
    const at = await story(world, 40)
    const id = await replay(at, { order: { rate: 40 } })
    const act = (name: string) =>
      controlReplay(world.ctx, controlReplayInput.parse({ cluster: CLUSTER, id, act: name }))
    const running = runReplay(world.parts, id, soon())
    await expect.poll(async () => (await listReplays(world.ctx, at.group))[0]?.sent).toBeGreaterThan(5)
    const [going] = await listJobs(world.ctx)
    expect(going).toMatchObject({ state: "running" })
    // No more than it was told to.
    expect(going?.rate).toBeLessThanOrEqual(40)
    await act("pause")
    await running
    const paused = (await listReplays(world.ctx, at.group))[0]
    expect(paused?.state).toBe("paused")
    expect(paused?.sent).toBeLessThan(40)
    expect(await listJobs(world.ctx)).toMatchObject([
      { id, state: "paused", at: { failure: at.group.id }, of: "payment", done: paused?.sent, total: 40 },
    ])
    const elsewhere = { ...world.ctx.actor, role: null, clusters: { other: "viewer" as const } }
    expect(await listJobs({ ...world.ctx, actor: elsewhere as Context["actor"] })).toEqual([])
    await act("resume")
    await runReplay(world.parts, id, soon())
    expect((await listReplays(world.ctx, at.group))[0]).toMatchObject({ state: "done", sent: 40 })
    expect(await listJobs(world.ctx)).toEqual([])
    const offsets = (await allOf(world, at.orders)).map((one) => String(one.value))
    expect(new Set(offsets).size).toBe(40)
    await expect(act("cancel")).rejects.toMatchObject({ code: "conflict" })
  })

  it("recognises what fails again, and stops when it is more than the chosen share", async () => {
    await using world = await failureWorld()
    const at = await story(world, 40)
    const id = await replay(at, { order: { rate: 20, stopShare: 0.1 } })
    const running = runReplay(world.parts, id, soon())
    await expect.poll(async () => (await listReplays(world.ctx, at.group))[0]?.sent).toBeGreaterThanOrEqual(5)
    const sent = await allOf(world, at.orders)
    const failing = sent
      .slice(0, 5)
      .map((one) => deadLetter({ orders: at.orders, dead: at.dead, amount: "0,50", headers: one.headers }))
    await world.send(failing)
    await world.index()
    await running
    const [job] = await listReplays(world.ctx, at.group)
    expect(job).toMatchObject({ state: "stopped", failedAgain: 5 })
    expect(job?.reason).toMatch(/failed again, more than was allowed/)
    expect(job?.sent).toBeLessThan(40)
    expect(await getFailure(world.ctx, at.group)).toMatchObject({ failedAgain: 5, messages: 45 })
  })

  it("refuses what another replay is sending, and says who", async () => {
    await using world = await failureWorld()
    const at = await story(world, 3)
    await replay(at, {})
    await expect(replay(at, {})).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("3 of these are in a replay that ada@example.org has started"),
    })
  })

  it("to another destination goes by key, and one that does not exist fails with its name", async () => {
    await using world = await failureWorld()
    const at = await story(world, 3)
    const elsewhere = await world.topic(`${at.orders}-again`)
    await runReplay(world.parts, await replay(at, { order: { target: elsewhere } }), soon())
    const sent = await allOf(world, elsewhere)
    expect(sent).toHaveLength(3)
    const id = await replay(at, { choice: { replayed: "any" }, order: { target: `${at.orders}-nowhere` } })
    await runReplay(world.parts, id, soon())
    const job = (await listReplays(world.ctx, at.group)).find((one) => one.id === id)
    expect(job).toMatchObject({ state: "failed", sent: 0 })
    expect(job?.reason).toContain(`${at.orders}-nowhere`)
  })

  it("counts what retention has deleted since, and sends the rest", async () => {
    await using world = await failureWorld()
    const at = await story(world, 9)
    const id = await replay(at, {})
    await world.broker.admin?.deleteRecords([{ destination: at.dead, partition: 0, offset: 2n }], soon())
    await runReplay(world.parts, id, soon())
    expect((await listReplays(world.ctx, at.group))[0]).toMatchObject(
      world.broker.admin ? { state: "done", sent: 7, missing: 2 } : { state: "done", sent: 9 },
    )
  })
})

describe("a dead letter", () => {
  it("stands beside the original it was made of, while that exists", async () => {
    await using world = await failureWorld()
    const { orders, dead } = shopTopics()
    await world.topic(orders)
    await world.topic(dead)
    const died = deadLetter({ orders, dead, amount: "12,50", partition: 1, offset: 0n })
    await world.send([{ ...died, destination: orders, headers: [] }, died])
    await world.send([deadLetter({ orders, dead, amount: "1,00", partition: 1, offset: 77n })])
    await world.index()
    const { rows } = await listFailures(world.ctx, listFailuresInput.parse({ search: orders }))
    const letters = await listLetters(
      world.ctx,
      listLettersInput.parse({ cluster: CLUSTER, id: rows[0]?.id }),
    )
    const view = async (offset: string) => {
      const letter = letters.rows.find((one) => one.original?.offset === offset)?.id ?? "0"
      return readLetter(world.ctx, { cluster: CLUSTER, letter })
    }
    const whole = await view("0")
    expect(whole.dead?.value).toMatchObject({ format: "json" })
    expect(whole.original?.value).toEqual(whole.dead?.value)
    expect(whole.exception).toMatchObject({ type: "java.lang.NumberFormatException" })
    expect(whole.missing).toEqual([])
    expect((await view("77")).missing).toEqual([expect.stringContaining("no longer has offset 77")])
  })

  it("shows nothing that is masked, and what is masked is sent as it is", async () => {
    await using world = await failureWorld()
    const at = await story(world, 2)
    const rule = { part: "value", kind: "path", expression: "$.orderId", how: "hide" }
    await world.store.prisma.maskingRule.create({ data: { ...rule, destination: "*" } })
    const { rows } = await listLetters(world.ctx, listLettersInput.parse(at.group))
    const letter = rows[0]?.id ?? "0"
    const view = await readLetter(world.ctx, { cluster: CLUSTER, letter })
    expect(JSON.stringify(view)).not.toContain('"o-1')
    expect(view).toMatchObject({ masked: true, exception: { message: "••••" } })
    expect((await getFailure(world.ctx, at.group)).exampleMessage).toBe("••••")
    const edited = (view.dead?.value.text ?? "").replace(/("amount": "\d+),/, "$1.")
    const mend = await deriveMend(world.ctx, { cluster: CLUSTER, letter, value: edited })
    expect(mend).toEqual({ changes: [{ op: "replace", path: ["amount"], find: ",", with: "." }] })
    const plan = await planReplay(world.ctx, planReplayInput.parse({ ...at.group, order: { mend } }))
    expect(JSON.stringify(plan)).not.toContain('"o-1')
    await runReplay(world.parts, await replay(at, { order: { mend } }), soon())
    expect((await allOf(world, at.orders)).map((one) => JSON.parse(String(one.value)).orderId)).toEqual([
      "o-1",
      "o-1",
    ])
  })
})
