import { afterAll, beforeAll, expect, it } from "vitest"
import { startShopProcess } from "#scripts/stack/shop/process.ts"
import { notification } from "#server/alerts/channels/notification.ts"
import { ensureDefaultRules } from "#server/alerts/index.ts"
import { faultWorld } from "#test/roles/fault-world.ts"
import { until } from "#test/until.ts"
import { type Inbox, startInbox, wireInbox } from "../../scripts/demo/inbox.ts"

/** As the demo samples. */
const INTERVAL_MS = 10_000
/** Groups of the shop that go wrong on purpose. */
const BY_DESIGN = new Set(["billing", "audit-archiver", "shipping", "payment", "analytics", "fraud"])
const held = new AsyncDisposableStack()
let world: Awaited<ReturnType<typeof faultWorld>>
let inbox: Inbox

beforeAll(async () => {
  inbox = held.use(await startInbox())
  world = held.use(await faultWorld(INTERVAL_MS, 3))
  await ensureDefaultRules(world.store)
  await wireInbox(world.ctx, inbox)
  held.use(await startShopProcess({ bootstrap: world.kafka.bootstrap }))
  world.start()
}, 240_000)
afterAll(() => held.disposeAsync())

it.each([
  {
    ...{ situation: "billing stopped", rule: "group-stopped", group: "billing" },
    said: "billing has been stopped",
  },
  {
    ...{ situation: "audit-archiver losing data", rule: "data-loss-imminent", group: "audit-archiver" },
    said: "retention deletes messages that audit-archiver has not consumed",
  },
])(
  "fires within two intervals, and is in the demo's inbox by webhook and by mail: $situation",
  async ({ rule, group, said }) => {
    const fired = () =>
      world.store.prisma.alert.findFirst({
        where: { ruleId: rule, labels: { path: ["group"], equals: group }, firedAt: { not: null } },
        orderBy: { id: "asc" },
      })
    await until(`${rule} fires for ${group}`, async () => (await fired()) !== null, 300_000)
    const alert = await fired()
    // Samples, not seconds: a busy machine may miss one.
    const [first, last] = [Number(alert?.startedAt), Number(alert?.firedAt)]
    const samples = (await world.sweeps()).filter((at) => at > first && at <= last)
    expect(samples.length).toBeGreaterThan(0)
    expect(samples.length).toBeLessThanOrEqual(2)
    await until(
      "both channels have delivered it",
      async () => {
        const [hooks = "", mails = ""] = (await (await fetch(inbox.url)).text()).split("<h2>Mail")
        return hooks.includes(said) && mails.includes(said)
      },
      180_000,
    )
  },
  600_000,
)

/** Of what the demo has going wrong all the time, only its beginning is of interest here. */
function firedRules(since: number): string[] {
  return inbox
    .webhooks()
    .map((body) => notification.parse(JSON.parse(body)))
    .filter((one) => Date.parse(one.at) > since)
    .flatMap((one) => one.alerts)
    .filter((one) => one.event === "fired" && !BY_DESIGN.has(`${one.labels.group}`))
    .map((one) => one.rule)
}

it("sends one notification for a broker that is killed, while the shop works on", async () => {
  const killedAt = Date.now()
  await world.kafka.nodes[2]?.kill()
  await until("its alert is told", () => firedRules(killedAt).length > 0, 240_000)
  const missing = () =>
    world.store.prisma.alert.count({ where: { ruleId: "under-replicated", state: "firing" } })
  await until("topics miss a replica for so long that it fires", async () => (await missing()) >= 5, 400_000)
  expect(firedRules(killedAt)).toEqual(["Broker offline"])
}, 900_000)
