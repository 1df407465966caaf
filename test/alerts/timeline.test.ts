import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Grants } from "#server/actor.ts"
import {
  acknowledge,
  acknowledgeInput,
  addSilence,
  addSilenceInput,
  alertTimeline,
  endSilence,
  firedBetween,
  getAlert,
  timelineInput,
} from "#server/alerts/index.ts"
import { parseMatchers } from "#server/alerts/matcher-text.ts"
import { type AlertAnnouncement, Live } from "#server/live/live.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE = 60_000
const admin: Grants = { role: "admin", clusters: {} }
const held = new AsyncDisposableStack()
let world: AlertWorld
let databaseUrl = ""
let now = Date.now() - 60 * MINUTE

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  databaseUrl = database.url
  world = held.use(await alertWorld(databaseUrl))
})
afterAll(() => held.disposeAsync())

const as = (grants: Grants) => world.as(grants, () => now)
const minutes = (count: number) => {
  now += count * MINUTE
}

it("announces what fired: to who may see it, and not what is silenced or explained by another", async () => {
  const { store } = world
  const cluster = await world.addCluster("heard")
  await world.addRule("heard", {
    condition: { op: ">", threshold: 10 },
    scope: { ...scope, clusters: ["heard"] },
  })
  await using live = new Live(databaseUrl, world.log)
  const stop = new AbortController()
  const heard: AlertAnnouncement[] = []
  const listening = (async () => {
    for await (const said of live.announcements(stop.signal)) if (said.kind === "alerts") heard.push(said)
  })()
  await expect
    .poll(async () => {
      await store.pool.query(`select pg_notify('signalbox_alerts', '{"from":0,"to":0}')`)
      return heard.length
    })
    .toBeGreaterThan(0)
  heard.length = 0
  await store.pool.query("select pg_notify('signalbox_alerts', 'not JSON')")
  await addSilence(
    as(admin),
    addSilenceInput.parse({
      matchers: parseMatchers("group=quiet"),
      endsAt: now + 60 * MINUTE,
      comment: "known",
    }),
  )
  await world.sample(cluster, now, { billing: { lag: 50 }, quiet: { lag: 50 }, fine: { lag: 0 } })
  const firedTo = async (grants: Grants) => {
    const found = await Promise.all(heard.map((said) => firedBetween(as(grants), said)))
    return found.flat().map(({ rule, cluster: on, sentence }) => ({ rule, on, sentence }))
  }
  const billing = { rule: "heard", on: "heard", sentence: "billing is 50 messages behind." }
  await expect.poll(() => firedTo({ role: null, clusters: { heard: "viewer" } })).toEqual([billing])
  expect(await firedTo({ role: null, clusters: { eu: "viewer" } })).toEqual([])
  const before = heard.length
  await world.sample(cluster, now + 1000, { billing: { lag: 0 }, quiet: { lag: 50 } })
  await expect.poll(() => heard.length).toBeGreaterThan(before)
  expect(await firedTo(admin)).toEqual([])
  stop.abort()
  await listening
})

const scope = { environments: [], include: [], exclude: [], labels: {} }

it("tells of each alert when it was pending, firing, acknowledged and silenced, to who may see it", async () => {
  const [eu, us] = [await world.addCluster("eu"), await world.addCluster("us")]
  await world.addRule("lags", {
    condition: { op: ">", threshold: 10 },
    forMs: 5 * MINUTE,
    severity: "critical",
  })
  const sample = async (lag: number) => {
    for (const cluster of [eu, us]) await world.sample(cluster, now, { billing: { lag }, fine: { lag: 0 } })
  }
  const begin = now
  await sample(50)
  minutes(5)
  await sample(50)
  minutes(1)
  const list = async (grants: Grants, more: object = {}) =>
    (
      await alertTimeline(
        as(grants),
        timelineInput.parse({ from: begin - MINUTE, to: now + MINUTE, ...more }),
      )
    ).alerts
  const [first] = await list({ role: null, clusters: { eu: "viewer" } })
  await acknowledge(as(admin), acknowledgeInput.parse({ id: first?.id, comment: "on it" }))
  minutes(1)
  const { id } = await addSilence(
    as(admin),
    addSilenceInput.parse({
      matchers: parseMatchers("cluster=eu"),
      endsAt: now + 60 * MINUTE,
      comment: "deploying",
    }),
  )
  minutes(2)
  await endSilence(as(admin), { id })
  minutes(1)
  await sample(0)
  minutes(1)
  const at = (minute: number) => begin + minute * MINUTE
  const found = await list({ role: null, clusters: { eu: "viewer" } })
  expect(found).toEqual([
    expect.objectContaining({
      ...{ rule: "lags", severity: "critical", name: "billing", cluster: "eu" },
      parts: [
        { state: "pending", from: at(0), to: at(5) },
        { state: "firing", from: at(5), to: at(10) },
        { state: "acknowledged", from: at(6), to: at(10) },
        { state: "silenced", from: at(7), to: at(9) },
      ],
    }),
  ])
  expect(await list(admin, { clusters: ["eu", "us"] })).toHaveLength(2)
  expect(await list(admin, { clusters: ["us"], about: { group: "billing" } })).toHaveLength(1)
  expect(await list(admin, { clusters: ["us"], about: { destination: "billing" } })).toEqual([])
  expect(await list(admin, { to: at(-0.5) })).toEqual([])
  expect(await list(admin, { clusters: ["eu", "us"], from: at(10) })).toEqual([])
  const detail = await getAlert(as({ role: null, clusters: { eu: "viewer" } }), { id: first?.id ?? "" })
  expect(detail.events.map((one) => one.kind)).toEqual(["fired", "acknowledged", "resolved"])
  expect(detail.events[1]).toMatchObject({ by: "ada@example.org", note: "on it" })
  expect(detail.parts).toEqual(found[0]?.parts)
  const usOnly: Grants = { role: null, clusters: { us: "viewer" } }
  await expect(getAlert(as(usOnly), { id: first?.id ?? "" })).rejects.toMatchObject({ code: "not_found" })
})
