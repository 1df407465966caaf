import { readFileSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type pg from "pg"
import { Registry } from "prom-client"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { startReceiver } from "#scripts/stack/receiver.ts"
import { AlertEvaluator, backTest, backTestInput } from "#server/alerts/index.ts"
import { DEFAULT_ROUTING, ROUTING_SETTING } from "#server/alerts/notify/routing.ts"
import { Connections } from "#server/brokers/connections.ts"
import type { Context } from "#server/context.ts"
import { alertMetrics } from "#server/roles/collector/alert-metrics.ts"
import { Leases } from "#server/roles/collector/leases.ts"
import { keepAlerts } from "#server/roles/collector/own-alerts.ts"
import {
  BucketBuilder,
  keepPartitions,
  LEVEL_MS,
  transaction,
  writeSignalBuckets,
} from "#server/store/index.ts"
import { type AlertWorld, alertWorld } from "#test/alerts/world.ts"
import { measurePrometheus } from "./prometheus-world.ts"

const GROUPS = 10_000
const INTERVAL_MS = 10_000
/** Rounds until all is warm, and rounds that are measured: ten minutes. */
const WARM_UP = 12
const MEASURED = 60
const HISTORY_GROUPS = 1000
const DAYS = 7
const DAY_MS = 86_400_000
const BACK_TESTS = 5
const NOTIFICATIONS = 1000
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10

setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")

/**
 * What alerts cost: evaluating 5 rules on 10,000 groups, beside the bare query for those groups; trying a rule on seven days
 * of 1,000 groups; delivering 1,000 notifications to a receiver on this machine; and, where one is installed, what a real
 * Prometheus takes for the same rules on the same groups. Arguments choose among `evaluation`, `back-test`, `delivery` and
 * `prometheus`.
 */
export default async function alerts(): Promise<void> {
  const chosen = process.argv.slice(2)
  const isChosen = (part: string) => chosen.length === 0 || chosen.includes(part)
  await using postgres = await startPostgres({ config: { fsync: "on", shared_buffers: "256MB" } })
  await using world = await alertWorld(await postgres.createDatabase())
  const evaluation = isChosen("evaluation") ? await evaluate(world) : null
  const backTested = isChosen("back-test") ? await tryOnHistory(world) : null
  const delivery = isChosen("delivery") ? await deliver(world) : null
  const prometheus = isChosen("prometheus") ? await measurePrometheus(exposition) : null
  if (evaluation) {
    console.log(`evaluating 5 rules on 10,000 groups: ${evaluation.cpuMs.median} ms CPU`)
    console.log(`  of PostgreSQL besides: ${evaluation.databaseCpuMs} ms CPU`)
    console.log(`  the bare query for the groups: ${evaluation.floorCpuMs} ms CPU`)
  }
  if (backTested)
    console.log(
      `a back-test of 1,000 groups over 7 days: ${backTested.ms} ms (worst ${backTested.worstMs}), ${backTested.peakMb} MB at most`,
    )
  if (delivery)
    console.log(`delivering 1,000 notifications: ${delivery.ms} ms, of it ${delivery.cpuMs} ms CPU`)
  if (prometheus)
    console.log(
      `Prometheus ${prometheus.version}, the same rules and groups: ${prometheus.withRulesCpuMs} ms CPU a round, ${prometheus.scrapeCpuMs} ms without rules; its evaluation takes ${prometheus.evaluationMs} ms`,
    )
  else if (isChosen("prometheus")) console.log("Prometheus is not installed (Debian: prometheus).")
  console.log(JSON.stringify({ bench: "alerts", evaluation, backTest: backTested, delivery, prometheus }))
}

async function evaluate(world: AlertWorld) {
  const { store } = world
  const cluster = await world.addCluster("large")
  await addGroups(world, cluster, GROUPS)
  const of = (signal: string, condition: Parameters<AlertWorld["addRule"]>[1]["condition"]) => ({
    signal,
    condition,
  })
  await world.addRule("lag", of("lag", { op: ">", threshold: 9000, clear: 100 }))
  await world.addRule("time-lag", { ...of("time-lag", { op: ">", threshold: 300_000 }), forMs: 120_000 })
  await world.addRule("status", of("group-status", { op: "in", values: ["stopped"] }))
  await world.addRule("lost", of("lost", { op: ">", threshold: 0 }))
  await world.addRule("members", of("members", { op: "<", threshold: 1 }))
  const place = { id: cluster, slug: "large", name: "large", system: "kafka", environment: null }
  const evaluator = new AlertEvaluator(place, world.log)
  const start = Date.now() - (WARM_UP + MEASURED) * INTERVAL_MS
  const [took, floors, queries, heaps]: [number[], number[], number[], number[]] = [[], [], [], []]
  const databases: number[] = []
  for (let i = 0; i < WARM_UP + MEASURED; i++) {
    const at = start + i * INTERVAL_MS
    await sampleGroups(store.pool, cluster, { at, i })
    floors.push(await cpuOf(() => store.pool.query(GROUPS_SQL, [cluster, new Date(at)])))
    let asked = 0
    const database = await databaseCpu(store.pool)
    const keep = { done: () => {} }
    const cpu = await cpuOf(() =>
      transaction(store, async (client) => {
        const counted = {
          query: (...args: Parameters<typeof client.query>) => {
            asked += 1
            return client.query(...args)
          },
        }
        keep.done = await evaluator.round(counted as typeof client, at)
      }),
    )
    keep.done()
    const databaseTook = (await databaseCpu(store.pool)) - database
    if (i < WARM_UP) continue
    databases.push(databaseTook)
    took.push(cpu)
    queries.push(asked)
    if (i === WARM_UP || i === WARM_UP + MEASURED - 1) {
      collectGarbage()
      heaps.push(Math.round(process.memoryUsage().heapUsed / 1e6))
    }
  }
  const changes = await store.prisma.alertEvent.count()
  return {
    groups: GROUPS,
    rules: 5,
    transitions: changes,
    cpuMs: { median: median(took), worst: Math.round(Math.max(...took)) },
    floorCpuMs: median(floors),
    databaseCpuMs: Math.round(databases.reduce((sum, one) => sum + one, 0) / databases.length),
    queries: { median: median(queries), most: Math.max(...queries) },
    heapMb: { first: heaps[0], last: heaps.at(-1) },
  }
}

const GROUPS_SQL = `select g.id, g.name, s.sampled_at = $2 as current, s.status, s.sentence, s.lag, s.time_lag_ms, s.lost,
    s.unknown_partitions, s.consume_rate, s.caught_up_in_ms, s.lost_in_ms
  from consumer_group g join group_state s on s.group_id = g.id where g.cluster_id = $1 and g.deleted_at is null`

/** What the 10,000 groups of a round are in the format that Prometheus scrapes: the same numbers as in the database. */
function exposition(round: number): string {
  const lines: string[] = []
  for (let id = 1; id <= GROUPS; id++) {
    const group = `{group="group-${id}"}`
    const lag = (id + round) % 997 < 10 ? 9500 : (id * 31 + round) % 80
    lines.push(`group_lag${group} ${lag}`, `group_time_lag_ms${group} ${(id * 7 + round) % 60_000}`)
    lines.push(`group_stopped${group} ${(id + Math.floor(round / 6)) % 500 === 0 ? 1 : 0}`)
    lines.push(`group_lost${group} 0`, `group_members${group} 3`)
  }
  return `${lines.join("\n")}\n`
}

async function addGroups(world: AlertWorld, cluster: number, count: number): Promise<void> {
  await world.store.pool.query(
    `with made as (
       insert into consumer_group (cluster_id, name, type, state, members)
       select $1, 'group-' || i, 'classic', 'stable', 3 from generate_series(1, $2::int) as i returning id)
     insert into group_state (group_id, sampled_at, status, severity, rule, since, sentence, lag, time_lag_ms, lost,
       unknown_partitions)
     select id, now(), 'ok', 0, '', now(), 'said', 0, 0, 0, 0 from made`,
    [cluster, count],
  )
}

/** Every lag moves at every sample; 1 group in 100 crosses a threshold now and then. */
async function sampleGroups(
  pool: pg.Pool,
  cluster: number,
  { at, i }: { at: number; i: number },
): Promise<void> {
  await pool.query(
    `update group_state s set sampled_at = $2, lag = case when (g.id + $3) % 997 < 10 then 9500 else (g.id * 31 + $3) % 80 end,
       time_lag_ms = (g.id * 7 + $3) % 60000, status = case when (g.id + $3 / 6) % 500 = 0 then 'stopped' else 'ok' end
     from consumer_group g where g.id = s.group_id and g.cluster_id = $1`,
    [cluster, new Date(at), i],
  )
}

async function tryOnHistory(world: AlertWorld) {
  const { store } = world
  const clusterId = await world.addCluster("history")
  const now = Math.floor(Date.now() / LEVEL_MS["10m"]) * LEVEL_MS["10m"]
  for (let day = 0; day <= DAYS; day++) await keepPartitions(store, now - day * DAY_MS)
  const { rows } = await store.pool.query<{ id: number }>(
    `insert into signal_series (cluster_id, subject, key, labels)
     select $1, 'group', i::text, jsonb_build_object('group', 'group-' || i) from generate_series(1, $2::int) as i returning id`,
    [clusterId, HISTORY_GROUPS],
  )
  for (let at = now - DAYS * DAY_MS; at < now; at += LEVEL_MS["10m"]) {
    const bucket = new BucketBuilder()
    rows.forEach(({ id }, i) => {
      const value = Math.max(0, 1000 * Math.sin(at / 7_000_000 + i) - 800)
      bucket.add(id, { low: value / 2, high: value * 1.2, last: value })
    })
    await writeSignalBuckets(store.pool, "10m", {
      clusterId,
      at,
      signals: new Map([["lag", bucket.build()]]),
    })
  }
  await using connections = new Connections({ clientId: "bench", log: () => undefined })
  const ctx: Context = { ...world, connections, actor: { kind: "system" }, now: () => now }
  const rule = {
    name: "Lag",
    signal: "lag",
    severity: "warning",
    condition: { op: ">", threshold: 150, clear: 50 },
    forMs: 600_000,
    scope: { clusters: ["history"] },
  }
  const times: number[] = []
  let fired = 0
  collectGarbage()
  const memory = new PeakMemory()
  for (let i = 0; i < BACK_TESTS; i++) {
    const began = performance.now()
    const found = await backTest(ctx, backTestInput.parse({ rule, range: "7d" }))
    times.push(performance.now() - began)
    fired = found.fired
    if (found.series !== HISTORY_GROUPS) throw new Error(`${found.series} series were tried`)
  }
  const peakMb = memory.end()
  return {
    groups: HISTORY_GROUPS,
    days: DAYS,
    fired,
    ms: median(times),
    worstMs: Math.round(Math.max(...times)),
    peakMb,
  }
}

async function deliver(world: AlertWorld) {
  const { store } = world
  await using receiver = await startReceiver()
  await store.prisma.alertEvent.updateMany({ data: { dispatched: true } })
  await store.prisma.alertRule.deleteMany()
  const cluster = await world.addCluster("delivery")
  await world.addRule("many", { condition: { op: ">", threshold: 0 } })
  await world.addChannel("hook", "webhook", { url: `${receiver.url}/hook` })
  const [route] = DEFAULT_ROUTING.routes
  const each = { ...route, groupBy: ["group"], groupWaitMs: 0, groupIntervalMs: 0 }
  await store.prisma.setting.create({
    data: { name: ROUTING_SETTING, value: { routes: [each], inhibitions: [] } },
  })
  await using leases = new Leases(store.url, () => undefined)
  const stop = new AbortController()
  const parts = { ...world, leases, alertMetrics: alertMetrics(new Registry()) }
  const keeping = keepAlerts(parts, stop.signal)
  const names = Array.from({ length: NOTIFICATIONS }, (_, i) => [`group-${i}`, { lag: 1 }] as const)
  const began = performance.now()
  const used = process.cpuUsage()
  await world.sample(cluster, Date.now(), Object.fromEntries(names))
  while (receiver.received.length < NOTIFICATIONS) await new Promise((resolve) => setTimeout(resolve, 50))
  const ms = Math.round(performance.now() - began)
  const { user, system } = process.cpuUsage(used)
  const [first, last] = [receiver.received[0]?.at ?? 0, receiver.received.at(-1)?.at ?? 0]
  stop.abort()
  await keeping
  return {
    notifications: NOTIFICATIONS,
    received: receiver.received.length,
    ms,
    betweenMs: Math.round(((last - first) / (NOTIFICATIONS - 1)) * 10) / 10,
    cpuMs: Math.round((user + system) / 1000),
  }
}

/** The most memory, above what there was at the start, that is in use while something is at work. */
class PeakMemory {
  readonly #before = inUse()
  #peak = 0
  readonly #timer = setInterval(() => this.#look(), 5)

  /** MB. */
  end(): number {
    this.#look()
    clearInterval(this.#timer)
    return Math.round(this.#peak / 1e6)
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, inUse() - this.#before)
  }
}

/** Objects and buffers, garbage that is not collected yet included. */
function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** CPU time of the database's sessions until now, ms. */
async function databaseCpu(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database()",
  )
  const ticks = rows.map(({ pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
    return Number(fields[11]) + Number(fields[12])
  })
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS
}

/** CPU time of this process, ms. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const began = process.cpuUsage()
  await work()
  const used = process.cpuUsage(began)
  return (used.user + used.system) / 1000
}

function median(values: number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0)
}
