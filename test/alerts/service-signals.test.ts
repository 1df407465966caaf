import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { AlertEvaluator, listAlerts, listAlertsInput } from "#server/alerts/index.ts"
import { serviceBurnRate } from "#server/alerts/signals/service-burn-rate.ts"
import { serviceErrorRate } from "#server/alerts/signals/service-error-rate.ts"
import { serviceP95 } from "#server/alerts/signals/service-p95.ts"
import { serviceP99 } from "#server/alerts/signals/service-p99.ts"
import { serviceThroughputChange } from "#server/alerts/signals/service-throughput-change.ts"
import type { BaseRound, OwnSignal, Series } from "#server/alerts/signals/signal.ts"
import { transaction } from "#server/store/index.ts"
import { setObjective } from "#server/traces/index.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE = 60_000
const held = new AsyncDisposableStack()
let world: AlertWorld
/** A whole minute, up to which spans are stored. */
let now: number

/** So many orders from `minutes` before now on, one second apart. */
const orders = (count: number, minutes: number) =>
  Array.from({ length: count }, (_, i) => shopOrder({ i, at: now - minutes * MINUTE + i * 1000 }))

/**
 * 240 orders in the hour before, and 100 in the last five minutes: five times as many. Every tenth runs into the deadline of
 * the payment and is charged again, and two of the last 100 take the payment 0.9 s. `quiet` has three calls, `idle` had
 * 150 an hour ago, and none since.
 */
beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
  now = Math.floor(Date.now() / MINUTE) * MINUTE
  const shop = [...orders(240, 50), ...orders(100, 4)].flatMap((order) => order.spans)
  const callOf = (service: string, at: number) => {
    const [root] = shopOrder({ i: 0, at }).spans
    return root ? [{ ...root, service, resource: { "service.name": service } }] : []
  }
  const quiet = Array.from({ length: 3 }, (_, i) => callOf("quiet", now - 2 * MINUTE + i * 1000)).flat()
  const idle = Array.from({ length: 150 }, (_, i) => callOf("idle", now - 30 * MINUTE + i * 1000)).flat()
  await receiveSpans(world.store, [...shop, ...quiet, ...idle])
  const admin = world.as({ role: "admin", clusters: {} })
  for (const service of ["payments", "quiet"])
    await setObjective(admin, { service, objective: { target: 0.99, latencyMs: 500 } })
})

afterAll(() => held.disposeAsync())

/** What a signal says of each service, as an evaluation reads it. */
async function said(signal: OwnSignal, at = now): Promise<Map<string, unknown>> {
  const round: BaseRound = {
    ...{ at, db: world.store.pool },
    once: (_, load) => load(),
    memory: (_, start) => start(),
    series: (_, key, names): Series => ({ key: typeof key === "string" ? key : key.key, ...names() }),
  }
  const readings = await signal.read(round)
  return new Map(readings.map(({ series, value }) => [series.labels.service ?? "", value]))
}

/** Of 100 orders ten are charged twice. */
const CHARGES = 110
const FAILED = 10

it("says the share of calls that failed; unknown where there are too few", async () => {
  const rates = await said(serviceErrorRate)
  expect([...rates.keys()].sort()).toEqual([
    ...["gateway", "inventory", "orders", "payments", "quiet", "shipping"],
  ])
  expect(rates.get("payments")).toBeCloseTo(FAILED / CHARGES, 6)
  expect(rates.get("gateway")).toBe(0)
  expect(rates.get("quiet")).toBeNull()
})

it("says percentiles of the duration, within the accuracy of a sketch", async () => {
  const [p95, p99] = [await said(serviceP95), await said(serviceP99)]
  // A charge that runs into its deadline takes 56 ms, and so does its retry; two of 100 orders take 972.
  const about = (value: unknown, ms: number) => {
    expect(value).toBeGreaterThan(ms * 0.98)
    expect(value).toBeLessThan(ms * 1.02)
  }
  about(p95.get("payments"), 56)
  about(p99.get("gateway"), 972)
  about(p99.get("shipping"), 30)
  expect(p95.get("quiet")).toBeNull()
  expect(p99.get("quiet")).toBeNull()
})

it("compares with the hour before: more, none, and unknown", async () => {
  const changes = await said(serviceThroughputChange)
  // 240 in the hour are 20 in five minutes.
  expect(changes.get("gateway")).toBeCloseTo(100 / 20, 6)
  expect(changes.get("idle")).toBe(0)
  // Nothing in the hour before: there is nothing to compare with.
  expect(changes.get("quiet") ?? null).toBeNull()
})

it("says how fast a budget burns: of services with an objective alone, the slower of two windows", async () => {
  const burns = await said(serviceBurnRate)
  expect([...burns.keys()].sort()).toEqual(["payments", "quiet"])
  // One in 11 charges fails and one in 55 takes too long, in the last minutes; over the hour 5 of 240 orders are slow.
  const short = (FAILED + 2) / CHARGES / 0.01
  const long = (FAILED + 24 + 2 + 5) / (CHARGES + 264) / 0.01
  expect(burns.get("payments")).toBeCloseTo(Math.min(short, long), 1)
  expect(burns.get("quiet")).toBe(0)
})

it("fires for the service that fails, names it, and leads to a trace; what is unknown fires nothing", async () => {
  await world.addRule("errors", {
    signal: "service-error-rate",
    condition: { op: ">", threshold: 0.05 },
  })
  await world.addRule("idle", { signal: "service-throughput-change", condition: { op: "<", threshold: 0.3 } })
  const evaluator = new AlertEvaluator(null, world.log)
  const keep = await transaction(world.store, (client) => evaluator.round(client, now))
  keep()
  const admin = world.as({ role: "admin", clusters: {} })
  const { rows } = await listAlerts(admin, listAlertsInput.parse({ state: "active" }))
  const of = rows.map(({ labels, sentence }) => [labels.service, sentence])
  expect(of.toSorted()).toEqual([
    ["idle", "idle is called 0 times as often as in the hour before."],
    ["payments", "9.1% of the calls to payments failed in the last 5 minutes."],
  ])
})
