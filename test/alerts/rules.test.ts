import { mkdtemp, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Grants } from "#server/actor.ts"
import {
  backTest,
  backTestInput,
  createRule,
  createRuleInput,
  ensureDefaultRules,
  exportRules,
  followFileRules,
  listAlertRules,
  removeRule,
  resetRule,
  updateRule,
  updateRuleInput,
} from "#server/alerts/index.ts"
import { rule } from "#server/alerts/rule.ts"
import { DEFAULT_RULES } from "#server/alerts/rules/defaults.ts"
import { BucketBuilder, writeSignalBuckets } from "#server/store/index.ts"
import { type AlertWorld, alertWorld } from "./world.ts"

const MINUTE = 60_000
const held = new AsyncDisposableStack()
let world: AlertWorld
const as = (grants: Grants) => world.as(grants, () => now)
let eu: number
/** The clock of the samples. */
let now = Date.now()
const admin: Grants = { role: "admin", clusters: {} }
const LAGS = { name: "Orders lag", signal: "lag", severity: "warning", condition: { op: ">", threshold: 10 } }

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  world = held.use(await alertWorld(database.url))
  eu = await world.addCluster("eu")
  await ensureDefaultRules(world.store)
})
afterAll(() => held.disposeAsync())

const create = (changes: object = {}) =>
  createRule(as(admin), createRuleInput.parse({ rule: { ...LAGS, ...changes } }))
const update = (id: string, revision: number, changes: object) =>
  updateRule(as(admin), updateRuleInput.parse({ id, revision, rule: { ...LAGS, ...changes } }))
const listed = async (id: string) => (await listAlertRules(as(admin))).rules.find((one) => one.id === id)
const alerts = (ruleId: string) =>
  world.store.prisma.alert.findMany({
    where: { ruleId },
    select: { series: true, state: true, labels: true },
    orderBy: { id: "asc" },
  })
const states = async (ruleId: string) => (await alerts(ruleId)).map((one) => one.state)
const sample = async (lag: Record<string, number>) => {
  now += 10_000
  await world.sample(
    eu,
    now,
    Object.fromEntries(Object.entries(lag).map(([name, n]) => [name, { lag: n, time_lag_ms: 0 }])),
  )
}

describe("a rule of the page", () => {
  it("gets an id of its name, is judged by with the next sample, and is in the audit log", async () => {
    const { id } = await create()
    expect(id).toBe("orders-lag")
    expect(await create()).toEqual({ id: "orders-lag-2" })
    await sample({ a: 20, b: 5 })
    expect(await states(id)).toEqual(["firing"])
    expect(await listed(id)).toMatchObject({
      source: "page",
      revision: 1,
      updatedBy: "ada@example.org",
      firing: 1,
    })
    const entries = await world.store.prisma.auditEntry.findMany({ where: { target: id } })
    expect(entries).toMatchObject([{ action: "alert.rule", actor: "ada@example.org", cluster: null }])
  })

  it("keeps what fires when it is changed, and resolves what it no longer watches", async () => {
    const id = "orders-lag"
    await update(id, 1, { severity: "critical", condition: { op: ">", threshold: 15 } })
    await sample({ a: 20, b: 5 })
    expect(await states(id)).toEqual(["firing"])
    await expect(update(id, 1, {})).rejects.toThrow("Somebody else")
    await update(id, 2, { scope: { include: ["b"] } })
    await sample({ a: 20, b: 50 })
    expect(await states(id)).toEqual(["resolved", "firing"])
    // Groups and destinations have keys of their own kind: the alert on a group must not become one on a topic.
    await update(id, 3, { signal: "under-replicated", condition: { op: ">=", threshold: 0 } })
    await sample({ a: 20, b: 50 })
    expect(await states(id)).toEqual(["resolved", "resolved"])
  })

  it("is judged anew by another signal of the same subject", async () => {
    const { id } = await create({ name: "Other" })
    await sample({ a: 20 })
    await update(id, 1, { signal: "time-lag" })
    expect(await states(id)).toEqual(["firing"])
    await sample({ a: 20 })
    expect(await states(id)).toEqual(["resolved"])
  })

  it("is noticed though another was deleted and the count is as before", async () => {
    const { id } = await create({ name: "Gone", scope: { include: ["b"] } })
    await sample({ b: 20 })
    expect(await states(id)).toEqual(["firing"])
    await removeRule(as(admin), { id, revision: 1 })
    const next = await create({ name: "Next", scope: { include: ["b"] } })
    await sample({ b: 20 })
    expect(await states(id)).toEqual(["resolved"])
    expect(await states(next.id)).toEqual(["firing"])
    expect(await listed(id)).toBeUndefined()
    // Its id stays its own, for its history.
    expect((await create({ name: "Gone" })).id).toBe("gone-2")
  })
})

it("a rule that comes with Signalbox is changed and reset, and cannot be deleted", async () => {
  const id = "disk-full"
  const changed = { ...DEFAULT_RULES.get(id), severity: "critical" as const }
  await updateRule(as(admin), updateRuleInput.parse({ id, revision: 1, rule: changed }))
  expect(await listed(id)).toMatchObject({
    source: "default",
    isChanged: true,
    rule: { severity: "critical" },
  })
  await expect(removeRule(as(admin), { id, revision: 2 })).rejects.toThrow("Switch it off")
  await resetRule(as(admin), { id, revision: 2 })
  expect(await listed(id)).toMatchObject({ isChanged: false, revision: 3, rule: DEFAULT_RULES.get(id) })
  const { id: own } = await create({ name: "Own" })
  await expect(resetRule(as(admin), { id: own, revision: 1 })).rejects.toThrow("come with Signalbox")
})

it("a rule that comes with Signalbox follows a new version of it, unless a person has changed it", async () => {
  const { prisma } = world.store
  const [untouched, changed] = ["partition-stalled", "under-replicated"]
  const older = { ...DEFAULT_RULES.get(untouched), advice: "What an older version said." }
  await prisma.alertRule.update({ where: { id: untouched }, data: { definition: older } })
  const own = { ...DEFAULT_RULES.get(changed), advice: "What we do here." }
  await updateRule(as(admin), updateRuleInput.parse({ id: changed, revision: 1, rule: own }))
  await ensureDefaultRules(world.store)
  expect(await listed(untouched)).toMatchObject({
    isChanged: false,
    revision: 2,
    rule: DEFAULT_RULES.get(untouched),
  })
  expect(await listed(changed)).toMatchObject({ isChanged: true, revision: 2, rule: own })
})

it("a draft is tried on the clusters of whoever tries it, and on nothing of the others", async () => {
  const us = await world.addCluster("us")
  const at = Math.floor(now / MINUTE) * MINUTE - 5 * MINUTE
  const series = async (clusterId: number, subject: string, key: string, labels: object) =>
    (
      await world.store.prisma.signalSeries.create({
        data: { clusterId, subject, key, labels },
        select: { id: true },
      })
    ).id
  const own = [
    await series(0, "cluster", `${eu}`, { cluster: "eu", system: "kafka" }),
    await series(0, "cluster", `${us}`, { cluster: "us", system: "kafka" }),
  ]
  const database = await series(0, "signalbox", "", {})
  const lag = {
    [eu]: await series(eu, "group", "901", { group: "tried-a" }),
    [us]: await series(us, "group", "902", { group: "tried-b" }),
  }
  const write = (clusterId: number, signal: string, ids: number[]) => {
    const bucket = new BucketBuilder()
    for (const id of ids) bucket.add(id, { low: 90_000, high: 90_000, last: 90_000 })
    return writeSignalBuckets(world.store.pool, "1m", {
      clusterId,
      at,
      signals: new Map([[signal, bucket.build()]]),
    })
  }
  await write(0, "not-sampled", own)
  await write(0, "database-latency", [database])
  for (const [id, series] of Object.entries(lag)) await write(Number(id), "lag", [series])
  const tried = async (grants: Grants, changes: object) => {
    const found = await backTest(
      as(grants),
      backTestInput.parse({ rule: { ...LAGS, ...changes }, range: "24h" }),
    )
    return {
      series: found.noisiest.map((one) => one.labels.cluster ?? one.cluster).sort(),
      fired: found.fired,
      parts: found.parts.length,
    }
  }
  const euOnly: Grants = { role: null, clusters: { eu: "viewer" } }
  const condition = { op: ">", threshold: 60_000 }
  const lags = { condition, scope: { include: ["tried-*"] } }
  expect(await tried(admin, lags)).toEqual({ series: ["eu", "us"], fired: 2, parts: 1 })
  expect(await tried(euOnly, lags)).toEqual({ series: ["eu"], fired: 1, parts: 1 })
  expect(
    (await tried(euOnly, { condition, scope: { clusters: ["us"], include: ["tried-*"] } })).series,
  ).toEqual([])
  const blind = { signal: "not-sampled", condition }
  expect((await tried(admin, blind)).series).toEqual(["eu", "us"])
  expect((await tried(admin, { ...blind, scope: { clusters: ["us"] } })).series).toEqual(["us"])
  expect((await tried(euOnly, blind)).series).toEqual(["eu"])
  const slow = { signal: "database-latency", condition }
  expect((await tried(admin, slow)).series).toEqual([null])
  expect((await tried(euOnly, slow)).series).toEqual([])
  expect(() => backTestInput.parse({ rule: { ...LAGS, signal: "lagg" } })).toThrow("There is no signal")
})

describe("rules of signalbox.yaml", () => {
  it("follow the file while it changes, is broken and is removed", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "signalbox-rules-"))
    held.defer(() => rm(folder, { recursive: true }))
    const file = path.join(folder, "signalbox.yaml")
    const write = async (text: string) => {
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
    }
    const entry = (name: string, threshold: string) =>
      `  - { name: ${name}, signal: lag, severity: info, condition: { op: ">", threshold: ${threshold} } }\n`
    const inFile = async () =>
      (await listAlertRules(as(admin))).rules.flatMap(({ id, source, rule: { condition } }) =>
        source === "file" ? [[id, condition.op === "in" ? null : condition.threshold]] : [],
      )
    const problems = async () => (await listAlertRules(as(admin))).fileProblems
    const reset = await listed("disk-full")
    await write(`alerts:\n rules:\n${entry("One", "1")}${entry("Two", "2")}`)
    const stop = new AbortController()
    const { store, log } = world
    const following = followFileRules(
      { store, log, configFile: file, env: { NODE_ENV: "test" }, lookEveryMs: 50 },
      stop.signal,
    )
    try {
      await expect.poll(inFile).toEqual([
        ["one", 1],
        ["two", 2],
      ])
      await expect(removeRule(as(admin), { id: "one", revision: 1 })).rejects.toThrow("signalbox.yaml")
      // One with a mistake stays what it was; the others change.
      await write(
        `alerts:\n rules:\n${entry("One", "wrong")}${entry("Two", "3")}${entry("Disk full", "4").replace("name", "id: disk-full, name")}`,
      )
      await expect.poll(inFile).toEqual([
        ["disk-full", 4],
        ["one", 1],
        ["two", 3],
      ])
      expect(await problems()).toEqual([
        expect.stringMatching(/signalbox\.yaml, line 3: rule "One", condition\.threshold: /),
      ])
      await write("alerts: [")
      await expect.poll(problems).toEqual([expect.stringContaining("The rules stay what they were: ")])
      expect(await inFile()).toEqual([
        ["disk-full", 4],
        ["one", 1],
        ["two", 3],
      ])
      await write(`alerts:\n rules:\n${entry("One", "1")}`)
      await expect.poll(inFile).toEqual([["one", 1]])
      expect(await problems()).toEqual([])
      expect((await listed("disk-full"))?.rule).toEqual(reset?.rule)
      expect(await listed("disk-full")).toMatchObject({ source: "default", enabled: true })
      await rm(file)
      await expect.poll(inFile).toEqual([])
    } finally {
      stop.abort()
      await following
    }
  })

  it("that the page exported are the same rules, and the file's from then on", async () => {
    const before = (await listAlertRules(as(admin))).rules
    const { yaml } = await exportRules(as(admin), {})
    const folder = await mkdtemp(path.join(tmpdir(), "signalbox-rules-"))
    held.defer(() => rm(folder, { recursive: true }))
    const file = path.join(folder, "signalbox.yaml")
    await writeFile(file, yaml)
    const stop = new AbortController()
    const { store, log } = world
    const following = followFileRules(
      { store, log, configFile: file, env: { NODE_ENV: "test" }, lookEveryMs: 50 },
      stop.signal,
    )
    const current = async () => (await listAlertRules(as(admin))).rules
    await expect.poll(async () => (await current()).every((one) => one.source === "file")).toBe(true)
    stop.abort()
    await following
    const facts = (rows: typeof before) =>
      rows.map(({ id, enabled, rule: of }) => ({ id, enabled, rule: rule.parse(of) }))
    expect(facts(await current())).toEqual(facts(before))
    expect((await exportRules(as(admin), { id: "orders-lag" })).yaml).toContain("id: orders-lag\n")
    await expect(exportRules(as(admin), { id: "nowhere" })).rejects.toThrow("nowhere")
  })
})
