import { createHmac } from "node:crypto"
import { afterEach, beforeEach, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { type Receiver, startReceiver } from "#scripts/stack/receiver.ts"
import type { Notification } from "#server/alerts/channels/notification.ts"
import { readChart } from "#server/alerts/charts/read.ts"
import {
  AlertEvaluator,
  acknowledge,
  deliverChannel,
  dispatch,
  dueChannels,
  ensureDefaultRules,
  listAlerts,
  listAlertsInput,
  tryChannel,
} from "#server/alerts/index.ts"
import { DEFAULT_ROUTING, ROUTING_SETTING, routing } from "#server/alerts/notify/routing.ts"
import { keepPartitions, transaction } from "#server/store/index.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const SECOND = 1000
const MINUTE = 60 * SECOND
const begin = Date.now() - 60 * MINUTE

let held: AsyncDisposableStack
let world: AlertWorld
let receiver: Receiver
let eu: number
let us: number

beforeEach(async () => {
  held = new AsyncDisposableStack()
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
  receiver = held.use(await startReceiver())
  eu = await world.addCluster("eu")
  us = await world.addCluster("us")
  await world.addRule("lags", { condition: { op: ">", threshold: 10 } })
  await world.addChannel("hook", "webhook", { url: `${receiver.url}/hook`, secret: "s3cret" })
})
afterEach(() => held.disposeAsync())

/** Dispatches as the collector does, and delivers at once. Returns what the receiver got. */
async function tell(now: number): Promise<Notification[]> {
  const before = receiver.received.length
  await dispatch(world, now)
  await deliver(now)
  return receiver.received.slice(before).map(({ body }) => JSON.parse(body) as Notification)
}

/** Delivers what is due to every channel, one after the other. */
async function deliver(at: number): Promise<void> {
  const parts = { ...world, installation: "test", now: () => at }
  for (const id of await dueChannels(parts)) await deliverChannel(parts, id)
}

const told = (all: readonly Notification[]) =>
  all.map((one) => one.alerts.map((alert) => `${alert.event} ${alert.labels.group}`))

it("puts together what belongs together, tells what is new, and then that it is over", async () => {
  await world.sample(eu, begin, { a: { lag: 100 }, b: { lag: 1 }, c: { lag: 30 } })
  await world.sample(us, begin, { a: { lag: 20 } })
  expect(await tell(begin)).toEqual([])
  await world.sample(eu, begin + 5 * SECOND, { a: { lag: 100 }, b: { lag: 50 }, c: { lag: 30 } })
  const byCluster = (one: Notification) => one.groupLabels.cluster ?? ""
  const first = (await tell(begin + 10 * SECOND)).toSorted((a, b) => byCluster(a).localeCompare(byCluster(b)))
  expect(told(first)).toEqual([["fired a", "fired c", "fired b"], ["fired a"]])
  expect(first.map((one) => one.groupLabels)).toEqual([{ cluster: "eu" }, { cluster: "us" }])
  expect(first[0]).toMatchObject({
    version: 1,
    status: "firing",
    severity: "warning",
    title: "3 firing on eu",
  })
  expect(new Set(first.map((one) => one.id)).size).toBe(2)
  // The group waits for its interval before it tells more.
  await world.sample(eu, begin + 20 * SECOND, { a: { lag: 0 }, b: { lag: 50 }, c: { lag: 30 } })
  expect(await tell(begin + 21 * SECOND)).toEqual([])
  const second = await tell(begin + 71 * SECOND)
  expect(told(second)).toEqual([["resolved a", "firing c", "firing b"]])
  expect(second[0]?.alerts[0]?.fingerprint).toBe(first[0]?.alerts[0]?.fingerprint)
  await world.sample(eu, begin + 200 * SECOND, { a: { lag: 0 }, b: { lag: 0 }, c: { lag: 0 } })
  const [third, ...more] = await tell(begin + 200 * SECOND)
  expect(more).toEqual([])
  expect(third).toMatchObject({ status: "resolved" })
  expect(third?.alerts.map((one) => one.event)).toEqual(["resolved", "resolved"])
})

it("signs what it sends, and reminds of what still fires", async () => {
  await world.sample(eu, begin, { a: { lag: 100 } })
  await tell(begin)
  await tell(begin + 10 * SECOND)
  const [sent] = receiver.received
  const hmac = createHmac("sha256", "s3cret")
    .update(sent?.body ?? "")
    .digest("hex")
  expect(sent?.headers["signalbox-signature"]).toBe(`sha256=${hmac}`)
  expect(sent?.path).toBe("/hook")
  expect(await tell(begin + 4 * 60 * MINUTE)).toEqual([])
  const [reminder] = await tell(begin + 4 * 60 * MINUTE + 11 * SECOND)
  expect(reminder).toMatchObject({ kind: "reminder", status: "firing" })
  await world.store.prisma.alert.updateMany({ data: { acknowledgedAt: new Date(), acknowledgedBy: "ada" } })
  expect(await tell(begin + 9 * 60 * MINUTE)).toEqual([])
})

it("keeps what a receiver does not take, in order, and gives up what it refuses", async () => {
  receiver.answer(503, { "retry-after": "7" })
  await world.sample(eu, begin, { a: { lag: 100 } })
  await tell(begin)
  await tell(begin + 10 * SECOND)
  await world.sample(eu, begin + 12 * SECOND, { a: { lag: 0 } })
  expect(await tell(begin + 16 * SECOND), "left alone for as long as it asked").toEqual([])
  expect(await tell(begin + 80 * SECOND)).toHaveLength(1)
  const waiting = await world.store.prisma.alertNotification.findMany({ orderBy: { id: "asc" } })
  expect(waiting.map((one) => [one.state, one.attempts])).toEqual([
    ["queued", 2],
    ["queued", 0],
  ])
  const channel = () => world.store.prisma.alertChannel.findUniqueOrThrow({ where: { id: "hook" } })
  expect(await channel()).toMatchObject({
    problem: expect.stringContaining("503"),
    failures: 2,
    failingSince: new Date(begin + 10 * SECOND),
  })
  receiver.answer(200)
  await deliver(begin + 2 * MINUTE)
  const taken = receiver.received.slice(-2).map(({ body }) => JSON.parse(body) as Notification)
  expect(told(taken)).toEqual([["fired a"], ["resolved a"]])
  expect(await channel()).toMatchObject({ problem: null, failures: 0, failingSince: null })
  expect(new Set(receiver.received.slice(0, 3).map((one) => one.headers["idempotency-key"])).size).toBe(1)

  receiver.answer(400)
  await world.sample(eu, begin + 200 * SECOND, { a: { lag: 100 } })
  await tell(begin + 200 * SECOND)
  expect(await world.store.prisma.alertNotification.count({ where: { state: "failed" } })).toBe(1)
  expect(await channel()).toMatchObject({ failures: 1, pausedUntil: null })
})

it("says for how long a channel has delivered nothing, until a delivery works", async () => {
  const evaluator = new AlertEvaluator(null, world.log)
  const failing = async (at: number) => {
    const keep = await transaction(world.store, (client) => evaluator.round(client, at))
    keep()
    return world.store.prisma.alert.findMany({
      where: { ruleId: "channel-failing", state: "firing" },
      select: { sentence: true },
    })
  }
  await ensureDefaultRules(world.store)
  receiver.answer(503)
  await world.sample(eu, begin, { a: { lag: 100 } })
  await tell(begin)
  await tell(begin + 10 * SECOND)
  expect(await failing(begin + 5 * MINUTE)).toEqual([])
  expect(await failing(begin + 6 * MINUTE)).toEqual([
    { sentence: "The channel hook has delivered nothing for 5 m 50 s." },
  ])
  receiver.answer(200)
  const ctx = world.as({ role: "admin", clusters: {} }, () => begin + 7 * MINUTE)
  await tryChannel(ctx, { id: "hook" })
  expect(await failing(begin + 7 * MINUTE)).toEqual([])
  expect(told(await tell(begin + 7 * MINUTE)), "what waited follows at once").toContainEqual(["fired a"])
})

it("draws what the signal of an alert said before it fired and since", async () => {
  await keepPartitions(world.store, Date.now())
  const values = [1, 2, 3, 50, 60]
  const fires = Date.now() - 5 * MINUTE
  for (const [i, lag] of values.entries())
    for (const second of [0, 30]) await world.sample(eu, fires + i * MINUTE + second * SECOND, { a: { lag } })
  const alert = await world.store.prisma.alert.findFirstOrThrow({ where: { state: "firing" } })
  const chart = await readChart(world.store, { fingerprint: alert.fingerprint }, Date.now())
  expect(chart?.points.map((one) => one.value)).toEqual(expect.arrayContaining([2, 3, 50]))
  expect(chart).toMatchObject({ thresholds: [10], firedAt: alert.firedAt?.getTime() })
  expect(chart?.description).toMatch(/^Lag over 2 hours: \d+; it fires above 10\.$/)
  expect(await readChart(world.store, { fingerprint: "unknown" }, Date.now())).toBeNull()
})

it("tells of acknowledgements only through channels that tell of them", async () => {
  await world.addChannel("am", "alertmanager", { url: `${receiver.url}/am`, auth: "none" })
  await world.sample(eu, begin, { a: { lag: 100 } })
  await tell(begin)
  await tell(begin + 10 * SECOND)
  const { id } = await world.store.prisma.alert.findFirstOrThrow({ where: { state: "firing" } })
  const ctx = world.as({ role: "admin", clusters: {} })
  await acknowledge(ctx, { id: String(id), acknowledged: true, comment: "" })
  await tell(begin + 70 * SECOND)
  const notices = await world.store.prisma.alertNotice.findMany({
    where: { kind: "acknowledged" },
    select: { group: { select: { channelId: true } } },
  })
  expect(notices.map((one) => one.group.channelId)).toEqual(["hook"])
  const paths = receiver.received.map((one) => one.path)
  expect(paths.toSorted(), "Alertmanager hears that it fires on").toEqual([
    ...["/am/api/v2/alerts", "/am/api/v2/alerts"],
    ...["/hook", "/hook"],
  ])
})

it("lets other groups pass one notification that a receiver cannot take", async () => {
  await world.sample(eu, begin, { a: { lag: 100 } })
  await world.sample(us, begin, { a: { lag: 100 } })
  receiver.answer(500)
  await tell(begin)
  expect(await tell(begin + 10 * SECOND)).toHaveLength(1)
  const [stuck] = receiver.received
  receiver.answer(200)
  await deliver(begin + 10.2 * SECOND)
  expect(receiver.received, "left alone for half a second at least").toHaveLength(1)
  await world.store.prisma.alertNotification.updateMany({
    where: { attempts: 1 },
    data: { nextAt: new Date(begin + MINUTE) },
  })
  await deliver(begin + 12 * SECOND)
  const [, other, ...more] = receiver.received
  expect(more).toEqual([])
  expect(other?.headers["idempotency-key"]).not.toBe(stuck?.headers["idempotency-key"])
  await deliver(begin + MINUTE)
  expect(receiver.received[2]?.headers["idempotency-key"]).toBe(stuck?.headers["idempotency-key"])
})

it("has one delivery under way at a receiver, however many processes deliver", async () => {
  const routes = [
    { id: "each", name: "Each", matchers: [], channels: "all", groupBy: ["group"], groupWaitMs: 0 },
  ]
  const value = routing.parse({ routes, inhibitions: [] })
  await world.store.prisma.setting.create({ data: { name: "alert_routing", value } })
  const groups = Array.from({ length: 50 }, (_, i) => [`group-${i}`, { lag: 100 }] as const)
  await world.sample(eu, begin, Object.fromEntries(groups))
  await dispatch(world, begin)
  await Promise.all(Array.from({ length: 5 }, () => deliver(begin)))
  await deliver(begin)
  const keys = receiver.received.map((one) => one.headers["idempotency-key"])
  expect(new Set(keys).size).toBe(50)
  expect(keys).toHaveLength(50)
  expect(receiver.mostAtOnce()).toBe(1)
})

it("tells nobody of what is silenced, and tells it once the silence is over if it still fires", async () => {
  const silence = { id: "s", createdBy: "ada", comment: "deploy", startsAt: new Date(begin - MINUTE) }
  await world.store.prisma.alertSilence.create({
    data: {
      ...silence,
      endsAt: new Date(begin + 5 * MINUTE),
      matchers: [{ label: "group", op: "=", value: "a*" }],
    },
  })
  await world.sample(eu, begin, { "a-1": { lag: 100 }, "a-2": { lag: 100 }, b: { lag: 100 } })
  await tell(begin)
  expect(told(await tell(begin + 10 * SECOND))).toEqual([["fired b"]])
  await world.sample(eu, begin + MINUTE, { "a-1": { lag: 0 }, "a-2": { lag: 100 }, b: { lag: 100 } })
  for (let at = begin + MINUTE; at < begin + 5 * MINUTE; at += 30 * SECOND) expect(await tell(at)).toEqual([])
  expect(told(await tell(begin + 5 * MINUTE + 15 * SECOND))).toEqual([["fired a-2", "firing b"]])
  await world.sample(eu, begin + 7 * MINUTE, { "a-1": { lag: 0 }, "a-2": { lag: 0 }, b: { lag: 100 } })
  expect(told(await tell(begin + 8 * MINUTE))).toEqual([["resolved a-2", "firing b"]])
})

it("tells of a cause alone, and of what it explains only if that outlives it", async () => {
  await world.store.prisma.setting.create({
    data: {
      name: ROUTING_SETTING,
      value: {
        ...DEFAULT_ROUTING,
        inhibitions: [
          {
            source: [{ label: "group", op: "=", value: "cause" }],
            target: [{ label: "group", op: "=", value: "led-*" }],
            equal: ["cluster"],
          },
        ],
      },
    },
  })
  const high = { lag: 100 }
  await world.sample(eu, begin, { cause: high, "led-1": high, "led-2": high })
  await world.sample(us, begin, { "led-1": high })
  await tell(begin)
  const first = await tell(begin + 10 * SECOND)
  expect(told(first).sort()).toEqual([["fired cause"], ["fired led-1"]])
  const ofCause = first.flatMap((one) => one.alerts).find((alert) => alert.labels.group === "cause")
  expect(ofCause?.explains).toEqual([{ rule: "lags", alerts: 2 }])
  const listed = await listAlerts(world.as({ role: "viewer", clusters: {} }), listAlertsInput.parse({}))
  const of = (group: string) => listed.rows.find((row) => row.labels.group === group && row.cluster === "eu")
  expect(of("cause")).toMatchObject({ explains: 2, explainedBy: null })
  expect(of("led-2")).toMatchObject({ explains: 0, explainedBy: { sentence: of("cause")?.sentence } })
  // The cause is over: what it led to has two minutes to end as well.
  await world.sample(eu, begin + MINUTE, { cause: { lag: 0 }, "led-1": high, "led-2": high })
  expect(told(await tell(begin + 2 * MINUTE))).toEqual([["resolved cause"]])
  await world.sample(eu, begin + 2 * MINUTE, { cause: { lag: 0 }, "led-1": { lag: 0 }, "led-2": high })
  for (let at = begin + 2 * MINUTE; at < begin + 3 * MINUTE; at += 15 * SECOND)
    expect(await tell(at)).toEqual([])
  expect(told(await tell(begin + 3 * MINUTE + 15 * SECOND))).toEqual([["fired led-2"]])
})

it("goes where its routes lead, and calls in others when nobody acknowledges", async () => {
  await world.addChannel("boss", "webhook", { url: `${receiver.url}/boss` })
  const routes = [
    {
      id: "a",
      name: "A",
      matchers: [{ label: "group", op: "=", value: "a" }],
      channels: ["hook"],
      escalation: { afterMs: 5 * MINUTE, channels: ["boss"] },
    },
  ]
  const value = routing.parse({ routes, inhibitions: [] })
  await world.store.prisma.setting.create({ data: { name: "alert_routing", value } })
  await world.sample(eu, begin, { a: { lag: 100 }, b: { lag: 100 } })
  await tell(begin)
  expect(told(await tell(begin + 10 * SECOND))).toEqual([["fired a"]])
  await tell(begin + 5 * MINUTE)
  const called = await tell(begin + 5 * MINUTE + 10 * SECOND)
  expect(told(called)).toEqual([["escalated a"]])
  expect(receiver.received.at(-1)?.path).toBe("/boss")
  expect(await tell(begin + 10 * MINUTE)).toEqual([])
  await world.sample(eu, begin + 11 * MINUTE, { a: { lag: 0 }, b: { lag: 100 } })
  await tell(begin + 11 * MINUTE)
  await tell(begin + 13 * MINUTE)
  expect(
    receiver.received
      .slice(-2)
      .map((one) => one.path)
      .sort(),
  ).toEqual(["/boss", "/hook"])
})
