import type { ChildProcess } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Receiver, startReceiver } from "#scripts/stack/receiver.ts"
import { type Notification, notification } from "#server/alerts/channels/notification.ts"
import { sealSettings } from "#server/alerts/channels/settings.ts"
import { DEFAULT_ROUTING, ROUTING_SETTING } from "#server/alerts/notify/routing.ts"
import { rule } from "#server/alerts/rule.ts"
import { commit, createTopic, kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { seededRandom } from "#test/random.ts"
import { faultWorld } from "#test/roles/fault-world.ts"
import { until } from "#test/until.ts"

const PARTITIONS = 4
const GROUPS = Array.from({ length: 20 }, (_, i) => `group-${i}`)
/** Each makes every group fire and then recover: 200 transitions. */
const ROUNDS = 5
/** After it happened, or after what was killed was back. */
const MAX_LATE_MS = 30_000

const held = new AsyncDisposableStack()
let world: Awaited<ReturnType<typeof faultWorld>>
let receiver: Receiver
const collectors: ChildProcess[] = []
/** When what was killed was back, ms. */
const recoveries: number[] = []
const random = seededRandom("kills")

beforeAll(async () => {
  receiver = held.use(await startReceiver())
  world = held.use(await faultWorld(1000))
  const kafka = kafkaClient(world.kafka.bootstrap)
  await createTopic(kafka, "orders", { partitions: PARTITIONS, replicas: 1 })
  await addRule()
  collectors.push(world.start(), world.start())
}, 120_000)
afterAll(() => held.disposeAsync())

it("tells each of 200 transitions, in order and in time, while collectors and Postgres are killed", async () => {
  const kafka = kafkaClient(world.kafka.bootstrap)
  const kills = [
    "collector",
    "postgres",
    "collector",
    null,
    "collector",
    "postgres",
    "collector",
    null,
    "collector",
    null,
  ]
  for (let flip = 0; flip < 2 * ROUNDS; flip++) {
    const round = 1 + Math.floor(flip / 2)
    if (flip === 0) await commitAll(kafka, 0)
    if (flip % 2 === 0)
      await produce(
        kafka,
        "orders",
        Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, value: "x" })),
      )
    else await commitAll(kafka, round)
    await sleep(random() * 2000)
    await kill(kills[flip] ?? null)
    const state = flip % 2 === 0 ? "firing" : "resolved"
    await until(
      `every group is ${state} for the ${round}. time`,
      async () => (await episodes(state)) === GROUPS.length * round,
    )
  }
  const expected = GROUPS.map((group) => [group, Array(ROUNDS).fill(["fired", "resolved"]).flat()])
  await until("all is told", () => eventsOf(unique()).length >= 2 * ROUNDS * GROUPS.length).catch(
    () => undefined,
  )
  const told = eventsOf(unique())
  expect(
    GROUPS.map((group) => [group, told.filter((one) => one.group === group).map((one) => one.event)]),
  ).toEqual(expected)
  expect(Math.max(...(await lateness()))).toBeLessThan(MAX_LATE_MS)
  expect(
    collectors.map((one) => one.exitCode),
    "of its own accord no collector ends",
  ).toEqual([null, null])
  // What dies between a delivery and its record makes one notification come twice, under the same key: only one is under way.
  const doubled = receiver.received.length - unique().length
  expect(doubled).toBeLessThanOrEqual(recoveries.length)
  expect(receiver.mostAtOnce()).toBe(1)
}, 600_000)

async function addRule() {
  const { prisma } = world.store
  const definition = rule.parse({
    name: "Waits",
    signal: "lag",
    severity: "warning",
    condition: { op: ">", threshold: 0 },
    scope: { include: ["group-*"] },
    flapping: { changes: 0, withinMs: 0 },
  })
  await prisma.alertRule.create({ data: { id: "waits", source: "page", updatedBy: "test", definition } })
  const settings = sealSettings(world.ctx.vault, "hook", {
    url: `${receiver.url}/hook`,
    secret: "",
    template: "",
  })
  await prisma.alertChannel.create({
    data: { id: "hook", name: "hook", kind: "webhook", source: "page", settings, updatedBy: "test" },
  })
  const [route] = DEFAULT_ROUTING.routes
  const matchers = [{ label: "alertname", op: "=", value: "Waits" }]
  const now = { groupBy: ["cluster", "group"], groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0 }
  const value = { routes: [{ ...route, ...now, matchers }], inhibitions: [] }
  await prisma.setting.create({ data: { name: ROUTING_SETTING, value } })
}

async function commitAll(kafka: ReturnType<typeof kafkaClient>, offset: number) {
  const offsets = Object.fromEntries(
    Array.from({ length: PARTITIONS }, (_, partition) => [partition, offset]),
  )
  await Promise.all(GROUPS.map((group) => commit(kafka, group, { topic: "orders", offsets })))
}

async function kill(what: "collector" | "postgres" | null | string) {
  if (what === null) return
  const killedAt = new Date()
  if (what === "postgres") {
    await world.postgres.kill()
    await sleep(random() * 2000)
    await world.postgres.start()
  } else {
    const victim = collectors.splice(Math.floor(random() * collectors.length), 1)
    victim[0]?.kill("SIGKILL")
    collectors.push(world.start())
  }
  // On a busy machine a collector needs longer to start than to take over.
  const connected = what === "postgres" ? collectors.length : 1
  await until("what was killed is back", async () => (await leasesSince(killedAt)) >= connected)
  recoveries.push(Date.now())
}

/** Collectors that have connected for their leases since then. */
async function leasesSince(moment: Date): Promise<number> {
  const { rows } = await world.store.pool.query<{ connected: number }>(
    `select count(*)::int as connected from pg_stat_activity
     where application_name = 'signalbox collector leases' and backend_start > $1`,
    [moment],
  )
  return rows[0]?.connected ?? 0
}

/** Episodes that have come at least so far. */
async function episodes(state: "firing" | "resolved"): Promise<number> {
  const states = state === "firing" ? ["firing", "resolved"] : ["resolved"]
  return world.store.prisma.alert.count({ where: { ruleId: "waits", state: { in: states } } })
}

/** What came, without what came again. */
function unique(): { at: number; content: Notification }[] {
  const byId = new Map<string, { at: number; content: Notification }>()
  for (const { at, body } of receiver.received) {
    const content = notification.parse(JSON.parse(body))
    if (!byId.has(content.id)) byId.set(content.id, { at, content })
  }
  return [...byId.values()]
}

function eventsOf(all: ReturnType<typeof unique>) {
  return all.flatMap(({ at, content }) =>
    content.alerts
      .filter((alert) => alert.event !== "firing")
      .map((alert) => ({ at, event: alert.event, group: alert.labels.group ?? "" })),
  )
}

/** How long after it happened, or after the last recovery before it was told, each transition was told, ms. */
async function lateness(): Promise<number[]> {
  const events = await world.store.prisma.alertEvent.findMany({
    where: { alert: { ruleId: "waits" } },
    include: { alert: { select: { labels: true } } },
    orderBy: { id: "asc" },
  })
  return GROUPS.flatMap((group) => {
    const told = eventsOf(unique()).filter((one) => one.group === group)
    const mine = events.filter(({ alert }) => JSON.stringify(alert.labels).includes(`"${group}"`))
    return mine.map((event, i) => {
      const at = told[i]?.at ?? Number.POSITIVE_INFINITY
      const since = Math.max(event.at.getTime(), ...recoveries.filter((moment) => moment < at))
      return at - since
    })
  })
}
