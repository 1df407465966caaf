import { afterAll, beforeAll, expect, it } from "vitest"
import { type Receiver, startReceiver } from "#scripts/stack/receiver.ts"
import { type Notification, notification } from "#server/alerts/channels/notification.ts"
import { sealSettings } from "#server/alerts/channels/settings.ts"
import { ensureDefaultRules, listAlerts, listAlertsInput } from "#server/alerts/index.ts"
import { type Rule, rule } from "#server/alerts/rule.ts"
import { commit, createTopic, kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { faultWorld } from "#test/roles/fault-world.ts"
import { until } from "#test/until.ts"

const VICTIM = 3
/** Of each there are six; partitions without a second copy are offline while their broker is. */
const TOPICS = [
  { name: "orders", replicas: 3, minIsr: "3" },
  { name: "parcels", replicas: 3, minIsr: "2" },
  { name: "clicks", replicas: 1, minIsr: "1" },
]
const COPIES = 6
const GROUPS = ["billing", "shipping", "audit"]

const held = new AsyncDisposableStack()
let world: Awaited<ReturnType<typeof faultWorld>>
let receiver: Receiver

beforeAll(async () => {
  receiver = held.use(await startReceiver())
  world = held.use(await faultWorld(2000, 3))
  const kafka = kafkaClient(world.kafka.bootstrap)
  for (const { name, replicas, minIsr } of TOPICS)
    for (let i = 0; i < COPIES; i++) {
      const topic = `${name}-${i}`
      await createTopic(kafka, topic, { partitions: 6, replicas, config: { "min.insync.replicas": minIsr } })
    }
  await produce(
    kafka,
    "parcels-0",
    Array.from({ length: 6 }, (_, partition) => ({ partition, value: "x" })),
  )
  for (const group of GROUPS)
    for (const { name } of TOPICS) {
      const offsets = Object.fromEntries(Array.from({ length: 6 }, (_, partition) => [partition, 0]))
      await commit(kafka, `${group}-${name}`, { topic: `${name}-0`, offsets })
    }
  await addRules()
  world.start()
}, 240_000)
afterAll(() => held.disposeAsync())

it("tells once of a broker that was killed, and names what that explains", async () => {
  const before = await firing()
  expect(before).toEqual([])
  const victim = world.kafka.nodes.find(({ id }) => id === VICTIM)
  await victim?.kill()
  await until("the broker's alert is told", () => told().length > 0, 120_000)
  // All that one dead broker leads to: each of these rules fires on several topics.
  for (const name of ["Replicas missing", "Too few in-sync replicas", "Offline partitions"])
    await until(
      `${name} fires on several topics`,
      async () => (await firing()).filter((one) => one.rule === name).length >= 3,
    )
  // Something of another kind is told after all of it was looked at: by then nothing of it had been.
  await world.store.prisma.alertRule.update({
    where: { id: "unread" },
    data: { enabled: true, revision: { increment: 1 } },
  })
  await until("what nothing explains is told", () => events().some((one) => one.rule === "Unread"), 120_000)
  const fired = events().filter((one) => one.event === "fired")
  const byRule = Map.groupBy(fired, (one) => one.rule)
  expect([...byRule.keys()].sort()).toEqual(["Broker offline", "Unread"])
  expect(byRule.get("Broker offline")?.map((one) => one.labels.node)).toEqual([String(VICTIM)])
  const first = told()[0]?.alerts ?? []
  expect(first).toHaveLength(1)
  // The page names the cause at each of them, and at the cause how many there are.
  const all = await firing()
  const [cause] = all.filter((one) => one.rule === "Broker offline")
  const explained = all.filter((one) => !["Broker offline", "Unread"].includes(one.rule))
  expect(explained.length).toBeGreaterThanOrEqual(9)
  expect(new Set(explained.map((one) => one.explainedBy?.id))).toEqual(new Set([cause?.id]))
  expect(cause?.explains).toBe(explained.length)

  await victim?.start()
  await until(
    "the end of it is told",
    () => events().some((one) => one.rule === "Broker offline" && one.event === "resolved"),
    180_000,
  )
  await until(
    "all of it is over",
    async () => (await firing()).every((one) => one.rule === "Unread"),
    180_000,
  )
  // And of none of it anybody heard, at its end either.
  expect(new Set(events().map((one) => one.rule))).toEqual(new Set(["Broker offline", "Unread"]))
  expect(events().filter((one) => one.rule === "Broker offline" && one.event !== "firing")).toHaveLength(2)
}, 900_000)

async function addRules() {
  const { prisma } = world.store
  await ensureDefaultRules(world.store)
  const add = async (id: string, enabled: boolean, written: Pick<Rule, "name" | "signal" | "condition">) => {
    const definition = rule.parse({ severity: "warning", ...written })
    await prisma.alertRule.create({ data: { id, source: "page", updatedBy: "test", definition, enabled } })
  }
  const any = { op: ">" as const, threshold: 0 }
  await add("missing", true, { name: "Replicas missing", signal: "under-replicated", condition: any })
  await add("unread", false, { name: "Unread", signal: "lag", condition: any })
  // Groups that only commit are stopped as soon as there is something to read: rightly, and of another story.
  await prisma.alertRule.update({ where: { id: "group-stopped" }, data: { enabled: false } })
  const settings = sealSettings(world.ctx.vault, "hook", {
    url: `${receiver.url}/hook`,
    secret: "",
    template: "",
  })
  await prisma.alertChannel.create({
    data: { id: "hook", name: "hook", kind: "webhook", source: "page", settings, updatedBy: "test" },
  })
  // Routes, waits and what explains what are those that an installation begins with.
}

async function firing() {
  const { rows } = await listAlerts(world.ctx, listAlertsInput.parse({ state: "firing", pageSize: 200 }))
  return rows
}

/** What came, once each. */
function told(): Notification[] {
  const all = receiver.received.map(({ body }) => notification.parse(JSON.parse(body)))
  return [...new Map(all.map((one) => [one.id, one])).values()]
}

function events() {
  return told().flatMap((one) => one.alerts)
}
