import type pg from "pg"
import { startPostgres } from "#scripts/stack/postgres.ts"
import {
  keepPartitions,
  migrate,
  newSweepMemory,
  openStore,
  readCommits,
  readLogs,
  readSweeps,
  rollUp,
  type Store,
  transaction,
  whenEndPassed,
  writeSweep,
} from "#server/store/index.ts"
import { GROUPS, PARTITIONS, TOPICS, TRAFFIC, world } from "./lag-store-world.ts"

const INTERVAL_MS = 10_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const CLUSTER = 1
/** A group that reads two busy topics. */
const GROUP = { groupId: 6, destinationIds: [11, 12] }
const SAMPLES_A_SWEEP = TOPICS * PARTITIONS * 2

/**
 * Stores a day of sweeps of a cluster of 1,000 topics × 10 partitions and 500 groups × 20 partitions, every one by the
 * collector's own COPY, rolls up every simulated hour, then draws one group. PostgreSQL has its default durability.
 */
export default async function lagStore(): Promise<void> {
  const hours = Number(process.env.BENCH_HOURS ?? 24)
  await using postgres = await startPostgres({ config: { fsync: "on", shared_buffers: "256MB" } })
  const url = await postgres.createDatabase()
  await migrate(url)
  await using store = openStore(url, { max: 2 })
  const end = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
  await keepPartitions(store, end)
  const write = await writeDay(store, { from: end - hours * HOUR_MS, to: end })
  const disk = await sizes(store)
  await repeatDays(store, 30)
  await store.pool.query("vacuum analyze")
  const draw = {
    "24 h (1 min steps)": await drawTime(store, { from: end - DAY_MS, to: end, stepMs: DAY_MS / 300 }),
    "30 d (10 min steps)": await drawTime(store, {
      from: end - 30 * DAY_MS,
      to: end,
      stepMs: (30 * DAY_MS) / 300,
    }),
    "1 h (10 s steps)": await drawTime(store, { from: end - HOUR_MS, to: end, stepMs: INTERVAL_MS }),
  }
  const passed = {
    "5 min ago": await passedTime(store, end - 300_000),
    "20 h ago": await passedTime(store, end - 20 * HOUR_MS),
  }
  report({ hours, write, disk, draw, passed })
}

interface Written {
  sweeps: number
  rows: number
  sweepMs: Quantiles
  rollUpMs: Quantiles
  walBytes: number
}

async function writeDay(store: Store, span: { from: number; to: number }): Promise<Written> {
  const cluster = world(CLUSTER)
  const memory = newSweepMemory()
  const times: number[] = []
  const rollUps: number[] = []
  const before = await walPosition(store)
  let rows = 0
  for (let at = span.from; at < span.to; at += INTERVAL_MS) {
    const sweep = cluster.next(at)
    const started = performance.now()
    const written = await transaction(store, (client) => writeSweep(client, sweep, memory))
    written.remember()
    times.push(performance.now() - started)
    rows += written.rows
    if ((at + INTERVAL_MS) % HOUR_MS !== 0) continue
    const rolling = performance.now()
    await rollUp(store, at + INTERVAL_MS + 30_000)
    rollUps.push(performance.now() - rolling)
    console.log(`${rollUps.length} h stored, p50 ${quantiles(times).p50} ms a sweep`)
  }
  return {
    sweeps: times.length,
    rows,
    sweepMs: quantiles(times),
    rollUpMs: quantiles(rollUps),
    walBytes: (await walPosition(store)) - before,
  }
}

async function walPosition(store: Store): Promise<number> {
  const { rows } = await store.pool.query<{ at: string }>("select pg_current_wal_lsn() - '0/0' as at")
  return Number(rows[0]?.at)
}

interface Size {
  table: string
  rows: number
  heap: number
  index: number
}

async function sizes(store: Store): Promise<Size[]> {
  await store.pool.query("analyze")
  const { rows } = await store.pool.query<Record<keyof Size, string>>(
    `select p.relname as table, sum(c.reltuples) as rows, sum(pg_table_size(c.oid)) as heap, sum(pg_indexes_size(c.oid)) as index
     from pg_partitioned_table t join pg_class p on p.oid = t.partrelid
     join pg_inherits i on i.inhparent = p.oid join pg_class c on c.oid = i.inhrelid
     group by 1 order by sum(pg_total_relation_size(c.oid)) desc`,
  )
  return rows.map((row) => ({
    table: row.table,
    rows: Math.max(0, Number(row.rows)),
    heap: Number(row.heap),
    index: Number(row.index),
  }))
}

/** The 10 min roll-up of the stored day, again for each of the days before, so that 30 days can be drawn. */
async function repeatDays(store: Store, days: number): Promise<void> {
  const tables = {
    log_offsets_10m: ["destination_id", "starts, ends"],
    committed_offsets_10m: ["group_id, destination_id", "offsets, lowest"],
    sweep_10m: ["cluster_id", "sweeps"],
  } as const
  for (const [table, [key, values]] of Object.entries(tables)) {
    const ids = table === "sweep_10m" ? key : `cluster_id, ${key}`
    await store.pool.query(
      `insert into series.${table} (${ids}, at, ${values})
       select ${ids}, at - make_interval(days => day), ${values} from series.${table}
       cross join generate_series(1, ${days - 1}) as day order by day desc, at on conflict do nothing`,
    )
  }
}

interface Span {
  from: number
  to: number
  stepMs: number
}

/** Time in the database alone, of all that the page of a group reads for its chart; medians of 9. */
async function drawTime(store: Store, span: Span): Promise<{ databaseMs: Quantiles; wholeMs: Quantiles }> {
  const all = { clusterId: CLUSTER, ...span }
  return timed(store, async (recorded) => {
    await Promise.all([
      readLogs(recorded, { ...all, destinationIds: GROUP.destinationIds }),
      readCommits(recorded, { ...all, ...GROUP }),
      readSweeps(recorded, all),
    ])
  })
}

/** When the end passed the offset that it had at a moment, for the group's 20 partitions in one question. */
async function passedTime(store: Store, at: number): Promise<{ databaseMs: Quantiles; wholeMs: Quantiles }> {
  const { rows } = await store.pool.query<{ d: number; ends: string[] }>(
    `select distinct on (destination_id) destination_id as d, ends from series.log_offsets
     where cluster_id = $1 and destination_id = any($2) and at <= $3 order by destination_id, at desc`,
    [CLUSTER, GROUP.destinationIds, new Date(at).toISOString()],
  )
  const requests = rows.flatMap((row) =>
    row.ends.map((end, partition) => ({ destinationId: row.d, partition, offset: Number(end) - 1 })),
  )
  return timed(store, async (recorded) => {
    const found = await whenEndPassed(recorded, CLUSTER, requests)
    if (found.length !== requests.length) throw new Error(`found ${found.length} of ${requests.length}`)
  })
}

async function timed(
  store: Store,
  work: (recorded: Store) => Promise<void>,
): Promise<{ databaseMs: Quantiles; wholeMs: Quantiles }> {
  const queries: { text: string; values: unknown[] }[] = []
  const query = (text: string, values: unknown[]) => {
    queries.push({ text, values })
    return store.pool.query(text, values)
  }
  const recorded: Store = { ...store, pool: { query } as unknown as pg.Pool }
  const whole: number[] = []
  const database: number[] = []
  for (let run = 0; run < 9; run++) {
    queries.length = 0
    const started = performance.now()
    await work(recorded)
    whole.push(performance.now() - started)
    let sum = 0
    for (const one of queries) sum += await databaseTime(store, one)
    database.push(sum)
  }
  return { databaseMs: quantiles(database), wholeMs: quantiles(whole) }
}

async function databaseTime(store: Store, query: { text: string; values: unknown[] }): Promise<number> {
  const { rows } = await store.pool.query<{
    "QUERY PLAN": { "Planning Time": number; "Execution Time": number }[]
  }>(`explain (analyze, serialize text, timing off, format json) ${query.text}`, query.values)
  const plan = rows[0]?.["QUERY PLAN"][0]
  return (plan?.["Planning Time"] ?? 0) + (plan?.["Execution Time"] ?? 0)
}

interface Quantiles {
  p50: number
  p95: number
  max: number
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1))
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}

interface Result {
  hours: number
  write: Written
  disk: Size[]
  draw: Record<string, { databaseMs: Quantiles; wholeMs: Quantiles }>
  passed: Record<string, { databaseMs: Quantiles; wholeMs: Quantiles }>
}

function report(result: Result): void {
  const { write, disk } = result
  const samples = write.sweeps * SAMPLES_A_SWEEP
  const raw = disk.filter((one) => !/_1?0?m$/.test(one.table))
  const bytes = (sizes: Size[]) => sizes.reduce((sum, one) => sum + one.heap + one.index, 0)
  console.log(
    `\n${TOPICS} topics × ${PARTITIONS} partitions, ${GROUPS} groups × 20 partitions, ${result.hours} h of sweeps every 10 s: ` +
      `${write.sweeps} sweeps, ${samples} samples (one partition's end or commit at one sweep).\n${TRAFFIC}.\n`,
  )
  console.table(disk.map((one) => ({ ...one, heap: megabytes(one.heap), index: megabytes(one.index) })))
  console.table({ "write a sweep, ms": write.sweepMs, "roll up an hour, ms": write.rollUpMs })
  const drawn = (times: Result["draw"], what: string) =>
    Object.fromEntries(
      Object.entries(times).map(([name, time]) => [
        `${what} ${name}`,
        {
          "database p50 ms": time.databaseMs.p50,
          "database p95 ms": time.databaseMs.p95,
          "whole p50 ms": time.wholeMs.p50,
        },
      ]),
    )
  console.table({ ...drawn(result.draw, "draw"), ...drawn(result.passed, "when passed,") })
  console.log(
    JSON.stringify({
      bench: "lag-store",
      sweeps: write.sweeps,
      samples,
      rows: write.rows,
      rawBytes: bytes(raw),
      totalBytes: bytes(disk),
      rawBytesASample: Number((bytes(raw) / samples).toFixed(2)),
      totalBytesASample: Number((bytes(disk) / samples).toFixed(2)),
      walBytesASweep: Math.round(write.walBytes / write.sweeps),
      sweepMs: write.sweepMs,
      rollUpMs: write.rollUpMs,
      draw: result.draw,
      passed: result.passed,
    }),
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

if (import.meta.main) await lagStore()
