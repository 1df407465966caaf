import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Grants } from "#server/actor.ts"
import {
  acknowledge,
  acknowledgeInput,
  addChannel,
  countFiring,
  enableRule,
  ensureDefaultRules,
  listAlertRules,
  listAlerts,
  listAlertsInput,
  listChannels,
} from "#server/alerts/index.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const now = Date.now()
const held = new AsyncDisposableStack()
let world: AlertWorld
const as = (grants: Grants) => world.as(grants)

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
  const [eu, us] = [await world.addCluster("eu"), await world.addCluster("us")]
  await world.addRule("lags", { condition: { op: ">", threshold: 10 }, severity: "critical" })
  await world.addRule("behind", { condition: { op: ">", threshold: 50 }, forMs: 60_000 })
  await world.sample(eu, now, { a: { lag: 100 }, b: { lag: 20 }, c: { lag: null } })
  await world.sample(us, now, { a: { lag: 20 } })
})
afterAll(() => held.disposeAsync())

const admin: Grants = { role: "admin", clusters: {} }
const of = (grants: Grants, input: object = {}) => listAlerts(as(grants), listAlertsInput.parse(input))
const acting = (grants: Grants, input: object) => acknowledge(as(grants), acknowledgeInput.parse(input))

it("shows everybody the alerts of their clusters, what fires before what is pending", async () => {
  const all = await of(admin)
  expect(all.rows.map((one) => [one.state, one.severity, one.cluster, one.labels.group])).toEqual([
    ["firing", "critical", expect.any(String), expect.any(String)],
    ["firing", "critical", expect.any(String), expect.any(String)],
    ["firing", "critical", expect.any(String), expect.any(String)],
    ["pending", "warning", "eu", "a"],
  ])
  expect(all).toMatchObject({ total: 4, firing: { critical: 3, warning: 0, info: 0 } })
  const ours = await of({ role: null, clusters: { us: "viewer" } })
  expect(ours.rows.map((one) => one.cluster)).toEqual(["us"])
  expect(await of({ role: null, clusters: { us: "viewer" } }, { clusters: ["eu"] })).toMatchObject({
    total: 0,
  })
  expect(await countFiring(as({ role: null, clusters: { eu: "viewer" } }))).toMatchObject({ critical: 2 })
})

it("lets operators of its cluster acknowledge what fires, once, and keeps it in the audit log", async () => {
  const { rows } = await of(admin)
  const [alert] = rows.filter((one) => one.cluster === "us")
  const pending = rows.find((one) => one.state === "pending")
  const id = alert?.id ?? ""
  await expect(acting({ role: "viewer", clusters: {} }, { id })).rejects.toThrow(
    "role operator on the cluster us",
  )
  await expect(acting({ role: null, clusters: { eu: "operator" } }, { id })).rejects.toThrow("not found")
  await expect(acting(admin, { id: pending?.id ?? "" })).rejects.toThrow("does not fire")
  const operator: Grants = { role: null, clusters: { us: "operator" } }
  await acting(operator, { id, comment: "on it" })
  await acting(operator, { id })
  const [seen] = (await of(operator)).rows
  expect(seen?.acknowledged).toMatchObject({ by: "ada@example.org", comment: "on it" })
  const entries = await world.store.prisma.auditEntry.findMany({ where: { action: "alert.acknowledge" } })
  expect(entries).toMatchObject([{ cluster: "us", result: "ok" }])
  await acting(operator, { id, acknowledged: false })
  expect((await of(operator)).rows[0]?.acknowledged).toBeNull()
})

it("switches rules on and off, and refuses what was changed meanwhile", async () => {
  await ensureDefaultRules(world.store)
  const { rules, signals } = await listAlertRules(as(admin))
  expect(rules.find((one) => one.id === "lags")).toMatchObject({ firing: 3, enabled: true, source: "page" })
  expect(rules.filter((one) => one.source === "default").length).toBeGreaterThanOrEqual(8)
  expect(rules.every((one) => signals.some((signal) => signal.id === one.rule.signal))).toBe(true)
  await enableRule(as(admin), { id: "disk-full", enabled: false, revision: 1 })
  await expect(enableRule(as(admin), { id: "disk-full", enabled: true, revision: 1 })).rejects.toThrow(
    "Somebody else",
  )
  await world.store.prisma.alertRule.update({ where: { id: "data-loss" }, data: { source: "file" } })
  await expect(enableRule(as(admin), { id: "data-loss", enabled: false, revision: 1 })).rejects.toThrow(
    "signalbox.yaml",
  )
  // What was deleted does not come back with the next start.
  await world.store.prisma.alertRule.update({ where: { id: "data-loss" }, data: { deletedAt: new Date() } })
  await ensureDefaultRules(world.store)
  expect((await listAlertRules(as(admin))).rules.some((one) => one.id === "data-loss")).toBe(false)
})

it("keeps the secrets of channels, and says which field is wrong", async () => {
  const add = (settings: Record<string, unknown>) =>
    addChannel(as(admin), { name: "Hook", kind: "webhook", settings })
  await expect(add({ url: "ftp://example.org" })).rejects.toThrow(/^URL: /)
  await add({ url: "https://example.org/hook", secret: "s3cret-of-the-hook" })
  await expect(add({ url: "https://example.org/hook" })).rejects.toThrow("already")
  const listed = JSON.stringify(await listChannels(as(admin)))
  expect(listed).not.toContain("s3cret-of-the-hook")
  const { rows } = await world.store.pool.query("select row_to_json(c)::text as row from alert_channel c")
  expect(JSON.stringify(rows)).not.toContain("s3cret-of-the-hook")
})
