import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { AlertEvaluator, backTest, backTestInput } from "#server/alerts/index.ts"
import { forgetSignalSeries, transaction } from "#server/store/index.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE = 60_000
const held = new AsyncDisposableStack()
let world: AlertWorld

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
})
afterAll(() => held.disposeAsync())

const tried = (clusterSlug: string, changes: object, now: number) =>
  backTest(
    world.as({ role: "admin", clusters: {} }, () => now),
    backTestInput.parse({
      range: "24h",
      rule: {
        ...{ name: "Lag", signal: "lag", severity: "warning", condition: { op: "<", threshold: 1 } },
        ...{ scope: { clusters: [clusterSlug] }, ...changes },
      },
    }),
  )

it("says of the minutes around a collector's death that nothing is known, and never zero", async () => {
  const cluster = await world.addCluster("dies")
  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE
  const sample = (minute: number) =>
    world.sample(cluster, begin + minute * MINUTE, { billing: { lag: 50, time_lag_ms: 0 } })
  for (let minute = 0; minute < 10; minute++) await sample(minute)
  // The minute under way dies with it, and two more pass until another collector is there.
  await world.takeOver(cluster)
  for (let minute = 12; minute <= 20; minute++) await sample(minute)
  const now = begin + 21 * MINUTE
  const gap = { from: begin + 9 * MINUTE, to: begin + 12 * MINUTE }
  const found = await tried("dies", {}, now)
  expect(found).toMatchObject({ series: 1, fired: 0, gaps: [{ cluster: "dies", ...gap }] })
  const [series] = found.noisiest
  expect(series?.values).toEqual([...Array(9).fill(50), null, ...Array(8).fill(50)])
  expect(series?.at[9]).toBe(gap.from)
  // What the rule says of unknown values holds for the gap too.
  const alerting = await tried("dies", { missing: "alert" }, now)
  expect(alerting.any).toEqual([{ state: "firing", ...gap }])
  // Statuses, which are stored as they change, are as unknown as the rest while nobody looked.
  await world.store.pool.query(
    `insert into series.sweep (cluster_id, at, ms) select $1, to_timestamp(x / 1000), 0 from unnest($2::float8[]) as x`,
    [cluster, [0, 1, 2, 6, 7].map((minute) => begin + minute * MINUTE)],
  )
  const statuses = await tried(
    "dies",
    { signal: "group-status", condition: { op: "in", values: ["stopped"] } },
    now,
  )
  expect(statuses.gaps).toEqual([
    { cluster: "dies", from: begin + 2 * MINUTE + 10_000, to: begin + 6 * MINUTE },
  ])
})

it("forgets groups, rules and clusters that were deleted: in memory, and in the history of a rule", async () => {
  const { store } = world
  const cluster = await world.addCluster("tidy")
  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE
  const names = Array.from({ length: 50 }, (_, i) => `group-${i}`)
  const sample = (minute: number, of: readonly string[]) =>
    world.sample(
      cluster,
      begin + minute * MINUTE,
      Object.fromEntries(of.map((name) => [name, { lag: 0, time_lag_ms: 0 }])),
    )
  await world.addRule("empty", {
    condition: { op: "<", threshold: 1 },
    scope: { ...scope, clusters: ["tidy"] },
  })
  await world.addRule("empty-too", {
    condition: { op: "<", threshold: 1 },
    scope: { ...scope, clusters: ["tidy"] },
  })
  for (let minute = 0; minute < 3; minute++) await sample(minute, names)
  const evaluator = world.evaluator(cluster)
  const before = evaluator.remembered
  expect(before.alerts).toBe(100)
  await store.prisma.consumerGroup.updateMany({
    where: { clusterId: cluster, name: { not: "group-0" } },
    data: { deletedAt: new Date(begin + 3 * MINUTE) },
  })
  await store.prisma.alertRule.update({
    where: { id: "empty-too" },
    data: { deletedAt: new Date(), revision: 2 },
  })
  for (let minute = 3; minute < 6; minute++) await sample(minute, ["group-0"])
  const after = evaluator.remembered
  expect(after).toEqual({
    alerts: 1,
    series: before.series - 49,
    named: before.named - 49,
  })
  // As live, the alert of a deleted group ends with it on history.
  const found = await tried("tidy", {}, begin + 6 * MINUTE)
  expect(found.fired).toBe(50)
  const ends = found.noisiest.map((one) => one.intervals.at(-1)?.to)
  expect(ends.filter((to) => to === null)).toHaveLength(1)
  expect(new Set(ends)).toEqual(new Set([null, begin + 3 * MINUTE]))
  // The names of series go with their values, and those of a cluster with it.
  expect(await store.prisma.signalSeries.count({ where: { clusterId: cluster, subject: "group" } })).toBe(50)
  await store.prisma.cluster.delete({ where: { id: cluster } })
  await forgetSignalSeries(store, Date.now())
  expect(await store.prisma.signalSeries.count({ where: { clusterId: cluster } })).toBe(0)
  const own = await store.prisma.signalSeries.create({
    data: { clusterId: 0, subject: "signalbox", key: "old", labels: {}, seenAt: new Date(0) },
    select: { id: true },
  })
  await forgetSignalSeries(store, Date.now())
  expect(await store.prisma.signalSeries.count({ where: { id: own.id } })).toBe(0)
})

it("goes on after a cluster is removed whose alert of its own signals fires", async () => {
  const { store, log } = world
  const cluster = await world.addCluster("removed")
  await store.prisma.cluster.update({ where: { id: cluster }, data: { createdAt: new Date(0) } })
  await world.addRule("blind", { signal: "not-sampled", condition: { op: ">", threshold: MINUTE } })
  const evaluator = new AlertEvaluator(null, log)
  const round = async (at: number) => {
    const keep = await transaction(store, (client) => evaluator.round(client, at))
    keep()
  }
  const at = Date.now()
  await round(at)
  expect(await store.prisma.alert.count({ where: { ruleId: "blind", clusterId: cluster } })).toBe(1)
  const { series } = evaluator.remembered
  await store.prisma.cluster.update({ where: { id: cluster }, data: { environment: "staging" } })
  await round(at + 1000)
  await store.prisma.cluster.delete({ where: { id: cluster } })
  for (const minute of [1, 2, 3]) await round(at + minute * MINUTE)
  expect(evaluator.remembered.series).toBe(series - 1)
})

const scope = { environments: [], include: [], exclude: [], labels: {} }
