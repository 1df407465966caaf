import { Registry } from "prom-client"
import { afterAll, expect, inject, it } from "vitest"
import { startInbox, wireInbox } from "#scripts/demo/inbox.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { alertMetrics } from "#server/roles/collector/alert-metrics.ts"
import { Leases } from "#server/roles/collector/leases.ts"
import { keepAlerts } from "#server/roles/collector/own-alerts.ts"
import { alertWorld } from "./world.ts"

const held = new AsyncDisposableStack()
afterAll(() => held.disposeAsync())

it("shows what the demo's Signalbox sends by webhook and by mail, after a restart on other ports too", async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  const world = held.use(await alertWorld(database.url))
  {
    await using before = await startInbox()
    await wireInbox(world, before)
  }
  const inbox = held.use(await startInbox())
  await wireInbox(world, inbox)
  const cluster = await world.addCluster("shop")
  await world.addRule("lags", { condition: { op: ">", threshold: 10 } })
  const leases = held.use(new Leases(database.url, () => undefined))
  const stop = new AbortController()
  const registry = new Registry()
  const keeping = keepAlerts({ ...world, leases, alertMetrics: alertMetrics(registry) }, stop.signal)
  held.defer(async () => {
    stop.abort()
    await keeping
  })
  await world.sample(cluster, Date.now(), { "<billing>": { lag: 50 } })
  const shown = async () => (await fetch(inbox.url)).text()
  const sentence = "&lt;billing&gt; is 50 messages behind."
  await expect.poll(shown, { timeout: 60_000, interval: 500 }).toMatch(/Webhooks \(1\)[\s\S]*Mail \(1\)/)
  const page = await shown()
  const [hooks = "", mails = ""] = page.split("<h2>Mail")
  expect(hooks).toContain(sentence)
  expect(mails).toContain(sentence)
  expect(page).not.toContain("<billing>")
  // Prometheus hears of it as well.
  await expect
    .poll(() => registry.metrics(), { timeout: 60_000 })
    .toContain('signalbox_alerts{rule="lags",severity="warning",state="firing"} 1')
})
