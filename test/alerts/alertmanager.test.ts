import { afterEach, beforeEach, describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { alertmanager } from "#server/alerts/channels/alertmanager/index.ts"
import { acknowledge, deliverChannel, dispatch, dueChannels } from "#server/alerts/index.ts"
import { type Alertmanager, program, startAlertmanager } from "./channels/alertmanager-server.ts"
import { SAMPLES, sampleNotification } from "./channels/samples.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const SECOND = 1000
const MINUTE = 60 * SECOND
const admin = { role: "admin", clusters: {} } as const

const words = program ? "a real Alertmanager" : "a real Alertmanager (skipped: none is installed)"

describe.skipIf(program === null)(words, () => {
  let held: AsyncDisposableStack
  let server: Alertmanager
  beforeEach(async () => {
    held = new AsyncDisposableStack()
    server = held.use(await startAlertmanager())
  })
  afterEach(() => held.disposeAsync())

  const settings = () => alertmanager.settings.parse({ url: server.url })

  it.each(Object.keys(SAMPLES))("takes what is %s", async (name) => {
    await alertmanager.send(settings(), SAMPLES[name] ?? sampleNotification())
  })

  it("holds an alert until it is resolved, whatever comes in between", async () => {
    const database = held.use(await createDatabase(inject("postgresUrl")))
    const world: AlertWorld = held.use(await alertWorld(database.url))
    const eu = await world.addCluster("eu")
    await world.addRule("lags", { condition: { op: ">", threshold: 10 } })
    await world.addChannel("am", "alertmanager", settings())
    const begin = Date.now() - 10 * SECOND
    const tell = async (now: number) => {
      await dispatch(world, now)
      const parts = { ...world, installation: "test", now: () => now }
      for (const id of await dueChannels(parts)) await deliverChannel(parts, id)
    }
    const states = async () =>
      (await server.alerts()).map(({ labels, status }) => `${labels.group} ${status.state}`)

    await world.sample(eu, begin, { a: { lag: 100 }, b: { lag: 100 } })
    await tell(begin)
    await tell(begin + 10 * SECOND)
    await expect.poll(states).toEqual(["a active", "b active"])
    const [first] = await server.alerts()
    expect(first).toMatchObject({
      labels: { alertname: "lags", severity: "warning", cluster: "eu", group: "a" },
      startsAt: new Date(begin).toISOString(),
      generatorURL: expect.stringMatching(/^http:\/\/signalbox\.test\/alerts\/\d+$/),
    })

    await server.silence("group", "b")
    await expect.poll(states).toEqual(["a active", "b suppressed"])

    // Acknowledging is no news for Alertmanager; that it still fires is, or it would take it for resolved.
    const alerts = await world.store.prisma.alert.findMany({ select: { id: true } })
    for (const { id } of alerts)
      await acknowledge(world.as(admin), { id: String(id), acknowledged: true, comment: "" })
    const ends = Date.parse(first?.endsAt ?? "")
    for (let minute = 1; minute <= 3; minute++) await tell(begin + 11 * SECOND + minute * MINUTE)
    const [kept] = await server.alerts()
    expect(Date.parse(kept?.endsAt ?? "")).toBeGreaterThan(ends)
    const stored = await world.store.prisma.alertNotification.findMany({ select: { content: true } })
    const kinds = stored.map(({ content }) => JSON.parse(JSON.stringify(content)).kind)
    expect(kinds, "of what only keeps alive the last is kept").toEqual(["alerts", "reminder"])

    await world.sample(eu, begin + 5 * MINUTE, { a: { lag: 0 }, b: { lag: 100 } })
    await world.store.prisma.alert.updateMany({
      where: { state: "resolved" },
      data: { resolvedAt: new Date() },
    })
    await tell(begin + 5 * MINUTE)
    await expect.poll(states).toEqual(["b suppressed"])
  })
})
