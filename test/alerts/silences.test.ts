import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Grants } from "#server/actor.ts"
import {
  addSilence,
  addSilenceInput,
  endSilence,
  getRouting,
  listAlerts,
  listAlertsInput,
  listSilences,
  previewSilence,
  setRouting,
  setRoutingInput,
  whoReceives,
} from "#server/alerts/index.ts"
import { parseMatchers } from "#server/alerts/matcher-text.ts"
import { dispatch } from "#server/alerts/notify/dispatch.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE_MS = 60_000
let now = Date.UTC(2026, 5, 1, 12)
const held = new AsyncDisposableStack()
let world: AlertWorld
const as = (grants: Grants) => world.as(grants, () => now)
const cluster: Record<string, number> = {}

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
  for (const slug of ["eu", "us", "ap"]) cluster[slug] = await world.addCluster(slug)
  await world.addRule("lags", { condition: { op: ">", threshold: 10 }, severity: "critical" })
  await world.addRule("slow", { condition: { op: ">", threshold: 50 }, severity: "warning" })
  await world.addChannel("pager", "webhook", { url: "https://example.org/pager" })
  await world.addChannel("chat", "webhook", { url: "https://example.org/chat" })
  await sampleAll()
})
afterAll(() => held.disposeAsync())

async function sampleAll() {
  for (const id of Object.values(cluster)) await world.sample(id, now, { a: { lag: 100 }, b: { lag: 20 } })
}

const admin: Grants = { role: "admin", clusters: {} }
const operatorOfEu: Grants = { role: null, clusters: { eu: "operator", us: "viewer" } }
const silence = (grants: Grants, matchers: string, rest: object = {}) =>
  addSilence(
    as(grants),
    addSilenceInput.parse({
      matchers: parseMatchers(matchers),
      endsAt: now + 60 * MINUTE_MS,
      comment: "deploying",
      ...rest,
    }),
  )
const alerts = async (grants: Grants) => (await listAlerts(as(grants), listAlertsInput.parse({}))).rows
const muted = async (grants: Grants) =>
  (await alerts(grants))
    .filter((one) => one.silence)
    .map((one) => `${one.cluster}/${one.labels.group}/${one.rule}`)

it("mutes what matches, where its author is operator, until it is ended", async () => {
  expect(
    await previewSilence(as(operatorOfEu), { matchers: parseMatchers("signal=lag group=a") ?? [] }),
  ).toEqual({
    mutes: 2,
  })
  expect(await previewSilence(as(admin), { matchers: parseMatchers("signal=lag group=a") ?? [] })).toEqual({
    mutes: 6,
  })
  const { id } = await silence(operatorOfEu, "signal=lag group=a")
  expect(await muted(admin)).toEqual(["eu/a/lags", "eu/a/slow"])
  const [row] = (await listSilences(as(admin))).rows
  expect(row).toMatchObject({ id, clusters: ["eu"], state: "active", mutes: 2, createdBy: "ada@example.org" })
  // Nobody ends what holds where they are not operator, nor sees what is of others.
  const { id: everywhere } = await silence(admin, "group=b severity=critical")
  await expect(endSilence(as(operatorOfEu), { id: everywhere })).rejects.toThrow("not operator")
  await silence(admin, "cluster=ap")
  expect((await listSilences(as(operatorOfEu))).rows.map((one) => [one.id, one.mayEnd]).sort()).toEqual(
    [
      [everywhere, false],
      [id, true],
    ].sort(),
  )
  expect((await listSilences(as({ role: null, clusters: { ap: "viewer" } }))).rows.length).toBe(2)
  await endSilence(as(operatorOfEu), { id })
  await endSilence(as(admin), { id: everywhere })
  expect(await muted(admin)).toEqual(["ap/a/lags", "ap/b/lags", "ap/a/slow"])
  const entries = await world.store.prisma.auditEntry.findMany({
    where: { action: { startsWith: "alert.silence" } },
  })
  expect(entries.map((one) => [one.action, one.target])).toEqual([
    ["alert.silence", "signal=lag group=a"],
    ["alert.silence", "group=b severity=critical"],
    ["alert.silence", "cluster=ap"],
    ["alert.silence.end", "signal=lag group=a"],
    ["alert.silence.end", "group=b severity=critical"],
  ])
})

it.each([
  ["", {}, "at least one matcher"],
  ["group=a", { endsAt: Date.UTC(2026, 0, 1) }, "ended already"],
  ["group=a", { startsAt: Date.UTC(2027, 0, 1), endsAt: Date.UTC(2026, 7, 1) }, "before it begins"],
  ["group=a", { endsAt: null }, "Say when"],
  ["group=a", { endsAt: Date.UTC(2028, 0, 1) }, "a year at the most"],
  ["group=a", { comment: " " }, "Say why"],
])("refuses the silence %s %o", async (matchers, rest, why) => {
  await expect((async () => silence(admin, matchers, rest))()).rejects.toThrow(why)
})

it("lets nobody silence who is operator nowhere", async () => {
  await expect(silence({ role: "viewer", clusters: {} }, "group=a")).rejects.toThrow("role operator")
})

it("holds a maintenance window in the hours it is for", async () => {
  const recurrence = { timeZone: "Europe/Berlin", days: [1], start: "14:00", minutes: 30 }
  const { id } = await silence(admin, "cluster=us", { endsAt: null, recurrence })
  const of = async () => (await listSilences(as(admin))).rows.find((one) => one.id === id)?.state
  expect(await of()).toBe("active") // Monday, 14:00 in Berlin
  now += 40 * MINUTE_MS
  expect(await of()).toBe("scheduled")
  now -= 40 * MINUTE_MS
  await endSilence(as(admin), { id })
  expect(await of()).toBe("ended")
})

it("says who would be told of an alert, and what keeps it back", async () => {
  const { routing: before, channels } = await getRouting(as(admin))
  expect(channels.map((one) => one.name)).toEqual(["chat", "pager"])
  const routing = {
    ...before,
    routes: [
      {
        id: "prod",
        name: "Production",
        matchers: parseMatchers("severity=critical cluster=eu"),
        channels: ["pager"],
        goesOn: true,
        escalation: { afterMs: 10 * MINUTE_MS, channels: ["chat"] },
      },
      { id: "rest", name: "The rest", matchers: [], channels: ["chat"] },
    ],
  }
  const wanted = setRoutingInput.parse({ before, routing })
  await setRouting(as(admin), wanted)
  await expect(setRouting(as(admin), wanted)).rejects.toThrow("Somebody else")
  expect(await whoReceives(as(admin), { labels: { severity: "critical", cluster: "eu" } })).toMatchObject({
    routes: [
      { name: "Production", channels: ["pager"], escalation: { channels: ["chat"] } },
      { name: "The rest", channels: ["chat"], escalation: null },
    ],
    silencedBy: null,
    explainedBy: null,
  })
  expect(await whoReceives(as(admin), { labels: { severity: "info", cluster: "ap" } })).toMatchObject({
    routes: [{ name: "The rest" }],
    silencedBy: "cluster=ap",
  })
  await dispatch(world, now + MINUTE_MS)
  await dispatch(world, now + 2 * MINUTE_MS)
  const sent = await world.store.prisma.alertNotification.findMany({
    include: { group: true },
    orderBy: { id: "asc" },
  })
  expect(sent.map((one) => [one.channelId, one.group?.labels]).sort()).toEqual([
    ["chat", { cluster: "eu" }],
    ["chat", { cluster: "us" }],
    ["pager", { cluster: "eu" }],
  ])
})

it("refuses routes that cannot work", async () => {
  const { routing: before } = await getRouting(as(admin))
  const [first, rest] = before.routes
  const set = (routes: unknown[]) =>
    setRouting(as(admin), setRoutingInput.parse({ before, routing: { ...before, routes } }))
  await expect(set([rest, first])).rejects.toThrow("never reached")
  await expect(set([{ ...first, channels: ["gone"] }])).rejects.toThrow("no longer there")
  await expect(set([rest, rest])).rejects.toThrow()
})

it("lists more alerts than fit on a page in one order over all pages", async () => {
  const page = (n: number) => listAlerts(as(admin), listAlertsInput.parse({ page: n, pageSize: 4 }))
  const all = [...(await page(1)).rows, ...(await page(2)).rows, ...(await page(3)).rows]
  expect(all.map((one) => one.severity)).toEqual([...Array(6).fill("critical"), ...Array(3).fill("warning")])
  expect(new Set(all.map((one) => one.id)).size).toBe(9)
})
