import { randomUUID } from "node:crypto"
import { vi } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createVault } from "#server/access/secrets.ts"
import type { Broker } from "#server/brokers/broker.ts"
import { Connections, type Target } from "#server/brokers/connections.ts"
import { type ClusterTarget, readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import type { GroupLag } from "#server/sampling/group-lags.ts"
import { ClusterSampling } from "#server/sampling/sweep.ts"
import { keepPartitions, migrate, openStore, rollUp, type Store } from "#server/store/index.ts"
import { scriptedBroker } from "./broker.ts"
import { frameOf, isOver, logKey, type Shown, type Truth, writeKey } from "./frames.ts"
import type { Script } from "./script.ts"
import { type OwnWrite, simulate, type Tick } from "./simulate.ts"

const MINUTE = 60_000
const DAY = 86_400_000
/** Where every play begins; the clock is the test's. */
const BEGIN = Date.UTC(2026, 2, 2, 10)

export interface Played {
  slug: string
  script: Script
  truth: Truth
  /** What the last stored sweep gave to the metrics. */
  lags: GroupLag[]
  /** Whether roll-ups are complete. */
  rolled: boolean
}

export interface ChainWorld extends AsyncDisposable {
  ctx: Context
  /** Plays one script a cluster through sampling, store and roll-up into an empty database. Afterwards it is now. */
  play(scripts: Script[], rolled: boolean): Promise<Played[]>
}

const vault = createVault(Buffer.alloc(32, 7))

class Scripted extends Connections {
  readonly brokers = new Map<number, Broker>()

  override get(target: Target): Broker {
    const broker = this.brokers.get(target.clusterId)
    if (!broker) throw new Error(`no script is played on cluster ${target.clusterId}`)
    return broker
  }
}

export async function chainWorld(postgresUrl: string): Promise<ChainWorld> {
  const database = await createDatabase(postgresUrl, "migrated")
  await migrate(database.url)
  const store = openStore(database.url, { max: 6 })
  vi.useFakeTimers({ toFake: ["Date"] })
  const connections = new Scripted({ clientId: "chain", log: () => undefined })
  const ctx: Context = {
    store,
    vault,
    connections,
    actor: { kind: "system" },
    log: createLogger("test"),
    now: Date.now,
  }
  return {
    ctx,
    play: async (scripts, rolled) => {
      await empty(store)
      vi.setSystemTime(BEGIN)
      await keepPartitions(store, BEGIN)
      const plays = await openPlays(store, connections, scripts)
      await playAll(store, plays)
      for (let i = 0; rolled && i < 200; i++) if (!(await rolledFurther(store))) break
      return plays.map(({ slug, script, truth, lags }) => ({ slug, script, truth, lags, rolled }))
    },
    [Symbol.asyncDispose]: async () => {
      vi.useRealTimers()
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function empty(store: Store): Promise<void> {
  const { rows } = await store.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'series'
     and tablename !~ '_[0-9]{8}$'`,
  )
  for (const { name } of rows) await store.pool.query(`delete from ${name}`)
  // Ids decide when an unchanged row is written again: a seed is to give the same ones each time.
  await store.pool.query("truncate cluster restart identity cascade")
}

interface Play extends Omit<Played, "rolled"> {
  target: ClusterTarget
  broker: ReturnType<typeof scriptedBroker>
  ticks: Tick[]
  sampling: ClusterSampling | null
  /** What Signalbox wrote since the last stored sweep. */
  writes: Map<string, number>
  /** Where logs were cut off since then. */
  cuts: Map<string, number>
  /** Whether a collector began since then. */
  begins: boolean
  storedStep: number
}

async function openPlays(store: Store, connections: Scripted, scripts: Script[]): Promise<Play[]> {
  const files = scripts.map((script, i) => ({
    name: `cluster ${i}`,
    slug: `cluster-${i}`,
    system: "kafka",
    intervalMs: script.intervalMs,
    connection: { bootstrap: "127.0.0.1:1" },
  }))
  await syncFileClusters(store, vault, files)
  const { targets } = await readTargets(store, vault)
  return scripts.map((script, i) => {
    const target = targets.find((one) => one.slug === `cluster-${i}`)
    if (!target) throw new Error("the cluster was not stored")
    const ticks = simulate(script, BEGIN)
    const broker = scriptedBroker(script)
    connections.brokers.set(target.clusterId, broker)
    const setBackMs = Math.max(0, -(script.jump?.ms ?? 0))
    const truth: Truth = {
      intervalMs: script.intervalMs,
      setBackMs,
      frames: [],
      isCurrent: false,
      verdicts: [],
    }
    return {
      slug: target.slug,
      script,
      truth,
      lags: [],
      target,
      broker,
      ticks,
      sampling: null,
      writes: new Map(),
      cuts: new Map(),
      begins: false,
      storedStep: -1,
    }
  })
}

/** Step by step, the cluster whose next step comes first. */
async function playAll(store: Store, plays: Play[]): Promise<void> {
  let upkept = { minute: 0, day: 0 }
  const left = plays.map((play) => ({ play, ticks: [...play.ticks] }))
  for (;;) {
    const next = left.filter((one) => one.ticks.length > 0).sort((a, b) => atOf(a.ticks) - atOf(b.ticks))[0]
    const tick = next?.ticks.shift()
    if (!next || !tick) break
    vi.setSystemTime(tick.at + 500)
    upkept = await upkeep(store, upkept)
    await step(store, next.play, tick)
  }
  const last = Math.max(...plays.map((play) => play.ticks.at(-1)?.at ?? BEGIN))
  vi.setSystemTime(last + 5000)
}

function atOf(ticks: Tick[]): number {
  return ticks[0]?.at ?? Number.POSITIVE_INFINITY
}

/** What the collector does beside sweeping, as often as time passes here. */
async function upkeep(store: Store, last: { minute: number; day: number }) {
  const now = Date.now()
  const [minute, day] = [Math.floor(now / (5 * MINUTE)), Math.floor(now / DAY)]
  if (minute !== last.minute) await rollUp(store, now)
  if (day !== last.day) {
    while (await rolledFurther(store));
    await keepPartitions(store, now)
  }
  return { minute, day }
}

async function rolledFurther(store: Store): Promise<boolean> {
  const read = () => store.pool.query("select level, until from series.rolled_up order by level")
  const before = await read()
  await rollUp(store, Date.now())
  return JSON.stringify((await read()).rows) !== JSON.stringify(before.rows)
}

async function step(store: Store, play: Play, tick: Tick): Promise<void> {
  const { script } = play
  play.broker.tick = tick
  for (const cut of tick.cuts)
    play.cuts.set(logKey(cut), Math.min(cut.to, play.cuts.get(logKey(cut)) ?? cut.to))
  for (const write of tick.writes) await applyPlan(store, play, { write, at: tick.at })
  if (script.missed.includes(tick.step)) return
  const begins = play.sampling === null || script.restarts.includes(tick.step)
  if (begins) await begin(store, play)
  await sweep(store, play, { tick, begins })
  if (tick.sampled === null) return
  if (tick.step % 6 === 0) await play.sampling?.describe(AbortSignal.timeout(120_000))
  if (!script.takeovers.includes(tick.step)) return
  await begin(store, play)
  await sweep(store, play, { tick, begins: true })
}

async function begin(store: Store, play: Play): Promise<void> {
  play.sampling = new ClusterSampling({ store, target: play.target, broker: play.broker })
  await play.sampling.describe(AbortSignal.timeout(120_000))
}

async function sweep(store: Store, play: Play, of: { tick: Tick; begins: boolean }): Promise<void> {
  const { tick, begins } = of
  const { truth } = play
  play.begins ||= begins
  const swept = await play.sampling
    ?.sweep(tick.at, AbortSignal.timeout(120_000))
    .catch((error: unknown) => (tick.sampled === null ? null : Promise.reject(error)))
  if (!swept || tick.sampled === null) return
  const isStored = !isOver(truth, tick.at)
  if (isStored) play.storedStep = tick.step
  truth.isCurrent = play.storedStep === tick.step
  if (!isStored) return
  const frame = frameOf(tick.sampled, { at: tick.at, before: truth.frames.at(-1) })
  truth.frames.push({ ...frame, begins: play.begins, writes: play.writes, cuts: play.cuts })
  play.begins = false
  play.writes = new Map()
  play.cuts = new Map()
  play.lags = swept.lags
  truth.verdicts.push({ at: tick.at, groups: await shownOf(store, play.target.clusterId) })
}

async function shownOf(store: Store, clusterId: number): Promise<Map<number, Shown>> {
  const { rows } = await store.pool.query<{ id: number; name: string; status: string; since: Date }>(
    `select g.id, g.name, s.status, s.since from consumer_group g join group_state s on s.group_id = g.id
     where g.cluster_id = $1 and g.deleted_at is null`,
    [clusterId],
  )
  return new Map(rows.map(({ id, name, status, since }) => [id, { name, status, since: since.getTime() }]))
}

/** As it is kept that Signalbox itself moved an offset, a second before the sweep. */
async function applyPlan(store: Store, play: Play, of: { write: OwnWrite; at: number }): Promise<void> {
  const { group, topic, partition, from, to } = of.write
  const key = writeKey(group, of.write)
  play.writes.set(key, (play.writes.get(key) ?? 0) + to - from)
  const line = { destination: topic, partition, from, to, trouble: null, result: "written" }
  await store.prisma.offsetPlan.create({
    data: {
      ...{ id: randomUUID(), clusterId: play.target.clusterId, group, groupType: "classic", existed: true },
      ...{ strategy: {}, state: "applied", lines: [line], createdBy: "test" },
      appliedAt: new Date(of.at - 1000),
    },
  })
}
