import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Grants } from "#server/actor.ts"
import { readTrends } from "#server/alerts/index.ts"
import { BucketBuilder, writeSignalBuckets } from "#server/store/index.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE = 60_000
const admin: Grants = { role: "admin", clusters: {} }
const held = new AsyncDisposableStack()
const now = Math.floor(Date.now() / MINUTE) * MINUTE
let world: AlertWorld

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
})
afterAll(() => held.disposeAsync())

interface Said {
  signal: string
  subject: string
  labels: Record<string, string>
  /** By minutes ago; NaN: unknown. */
  value: (ago: number) => number
}

/** What the collector would have recorded of a cluster, minute by minute, for the minutes that it ran. */
async function record(clusterId: number, minutes: readonly number[], said: readonly Said[]): Promise<void> {
  const { store } = world
  const ids = await Promise.all(
    said.map(async ({ subject, labels, signal }) => {
      const key = `${signal} ${JSON.stringify(labels)}`
      const { id } = await store.prisma.signalSeries.create({
        data: { clusterId, subject, key, labels },
        select: { id: true },
      })
      return id
    }),
  )
  for (const ago of minutes) {
    const builders = new Map<string, BucketBuilder>()
    said.forEach(({ signal, value }, i) => {
      const builder = builders.get(signal) ?? new BucketBuilder()
      builders.set(signal, builder)
      const one = value(ago)
      builder.add(ids[i] ?? -1, { low: one, high: one, last: one })
    })
    const signals = new Map([...builders].map(([signal, builder]) => [signal, builder.build()]))
    await writeSignalBuckets(store.pool, "1m", { clusterId, at: now - ago * MINUTE, signals })
  }
}

const lag = (group: string, value: (ago: number) => number): Said => ({
  ...{ signal: "lag", subject: "group", labels: { group }, value },
})
const produced = (destination: string, value: (ago: number) => number): Said => ({
  ...{ signal: "produce-rate", subject: "destination", labels: { destination }, value },
})

const LAST_HOUR = Array.from({ length: 60 }, (_, i) => 60 - i)

it("sums what groups have not read over clusters, with a gap where one of them was not sampled", async () => {
  const [east, west] = [await world.addCluster("east"), await world.addCluster("west")]
  await record(east, LAST_HOUR, [lag("billing", (ago) => 100 - ago), lag("idle", () => Number.NaN)])
  // The collector of the other one did not run from 20 to 11 minutes ago.
  const ran = LAST_HOUR.filter((ago) => ago > 20 || ago <= 10)
  await record(west, ran, [lag("audit", () => 7)])
  const { unread, lost } = await readTrends(
    world.as(admin, () => now),
    { clusters: [] },
  )
  expect(unread).toHaveLength(60)
  expect(unread.at(-1)).toBe(99 + 7)
  expect(unread[0]).toBe(40 + 7)
  expect(unread.filter((value) => value === null)).toHaveLength(10)
  // Nothing was recorded: unknown, not zero.
  expect(lost.every((value) => value === null)).toBe(true)
  const ofOne = await readTrends(
    world.as(admin, () => now),
    { clusters: ["east"] },
  )
  expect(ofOne.unread.at(-1)).toBe(99)
  expect(ofOne.unread.includes(null)).toBe(false)
})

it("names the destinations that grew most, and none that shrank or were not there before", async () => {
  const cluster = await world.addCluster("growing")
  await record(cluster, LAST_HOUR, [
    produced("orders", (ago) => (ago <= 5 ? 300 : 100)),
    produced("payments", (ago) => (ago <= 5 ? 60 : 50)),
    produced("mails", (ago) => (ago <= 5 ? 1 : 80)),
    produced("new", (ago) => (ago <= 5 ? 900 : Number.NaN)),
  ])
  const { growing } = await readTrends(
    world.as(admin, () => now),
    { clusters: ["growing"] },
  )
  expect(growing).toEqual([
    { cluster: "growing", destination: "orders", now: 300, before: 100 },
    { cluster: "growing", destination: "payments", now: 60, before: 50 },
  ])
})

it("is unknown, not zero, in the minutes in which no series of a cluster could be read", async () => {
  const cluster = await world.addCluster("silent")
  const rate = (topic: string): Said => ({
    ...{ signal: "dead-letter-rate", subject: "destination", labels: { destination: topic } },
    value: (ago) => (ago <= 3 ? Number.NaN : 0.5),
  })
  await record(cluster, LAST_HOUR, [rate("orders.dlt"), rate("payments.dlt")])
  const { deadLetters } = await readTrends(
    world.as(admin, () => now),
    { clusters: ["silent"] },
  )
  expect(deadLetters.slice(-4)).toEqual([1, null, null, null])
})

it("shows nothing of clusters that one may not see", async () => {
  const viewer: Grants = { role: null, clusters: { west: "viewer" } }
  const seen = await readTrends(
    world.as(viewer, () => now),
    { clusters: [] },
  )
  expect(seen.unread.at(-1)).toBe(7)
  expect(seen.growing).toEqual([])
  const refused = await readTrends(
    world.as(viewer, () => now),
    { clusters: ["east"] },
  )
  expect(refused.unread.every((value) => value === null)).toBe(true)
})

it("counts the alerts that fired in each minute", async () => {
  const cluster = await world.addCluster("alerting")
  await world.addRule("lagging", {
    condition: { op: ">", threshold: 10 },
    scope: { clusters: ["alerting"], environments: [], include: [], exclude: [], labels: {} },
  })
  await world.sample(cluster, now - 30 * MINUTE, { billing: { lag: 50 }, audit: { lag: 50 } })
  await world.sample(cluster, now - 10 * MINUTE, { billing: { lag: 0 }, audit: { lag: 50 } })
  const { firing } = await readTrends(
    world.as(admin, () => now),
    { clusters: ["alerting"] },
  )
  expect([firing[20], firing[35], firing[59]]).toEqual([0, 2, 1])
})
