import { describe, expect, it } from "vitest"
import {
  keepPartitions,
  loadSweepMemory,
  NO_COMMIT,
  newSweepMemory,
  openStore,
  readCommits,
  readLogs,
  readSweeps,
  rollUp,
  type Store,
  type StoredSweep,
  type SweepMemory,
  transaction,
  whenEndPassed,
  writeSweep,
} from "#server/store/index.ts"
import { levelFor } from "#server/store/series/read.ts"
import { storeWorld } from "./world.ts"

const TEN_SECONDS = 10_000
const HOUR = 3_600_000
const DAY = 86_400_000

async function store(
  world: { store: Store },
  sweep: StoredSweep,
  memory: SweepMemory,
): Promise<{ written: boolean; rows: number }> {
  const result = await transaction(world.store, (client) => writeSweep(client, sweep, memory))
  result.remember()
  return result
}

function sweepAt(at: number, clusterId: number, end: bigint): StoredSweep {
  return {
    clusterId,
    at,
    ms: 12,
    logs: [{ destinationId: 7, starts: [0n, null], ends: [end, null] }],
    commits: [{ groupId: 3, destinationId: 7, offsets: [5n, null], unknown: [] }],
  }
}

describe("storing sweeps", () => {
  it("gives back what was stored: offsets, no commit, and what was unknown", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const sweep = sweepAt(now, world.clusterId, 10n)
    sweep.commits[0] = { groupId: 3, destinationId: 7, offsets: [5n, null, 9n], unknown: [2] }
    await store(world, sweep, newSweepMemory())
    const span = { clusterId: world.clusterId, from: now - 1000, to: now, stepMs: TEN_SECONDS }
    expect(await readLogs(world.store, { ...span, destinationIds: [7] })).toEqual([
      { destinationId: 7, at: [now], starts: [[0, null]], ends: [[10, null]] },
    ])
    expect(await readCommits(world.store, { ...span, groupId: 3 })).toEqual([
      { groupId: 3, destinationId: 7, at: [now], offsets: [[5, -1, null]], lowest: [null] },
    ])
  })

  it("writes nothing for what did not change, but says 'still so' every five minutes", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    const rows: number[] = []
    for (let at = now - 600_000; at <= now; at += TEN_SECONDS)
      rows.push((await store(world, sweepAt(at, world.clusterId, 10n), memory)).rows)
    expect(rows.reduce((sum, written) => sum + written, 0)).toBe(2 * 3)
    expect(
      await readSweeps(world.store, {
        clusterId: world.clusterId,
        from: now - 600_000,
        to: now,
        stepMs: TEN_SECONDS,
      }),
    ).toHaveLength(61)
  })

  it("does not store the same moment of a cluster twice, as two collectors might try", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    expect((await store(world, sweepAt(now, world.clusterId, 10n), newSweepMemory())).written).toBe(true)
    expect((await store(world, sweepAt(now, world.clusterId, 10n), newSweepMemory())).written).toBe(false)
  })

  it("does not take a sweep for written that was rolled back", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    const failing = transaction(world.store, async (client) => {
      await writeSweep(client, sweepAt(now, world.clusterId, 10n), memory)
      throw new Error("the verdicts could not be written")
    })
    await expect(failing).rejects.toThrow()
    expect((await store(world, sweepAt(now + TEN_SECONDS, world.clusterId, 10n), memory)).rows).toBe(2)
  })

  it("goes on after a restart with what was written last: numbers, no commit and unknown", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const ids = await knownPair(world)
    const sweep = (at: number, end: bigint): StoredSweep => ({
      clusterId: world.clusterId,
      at,
      ms: 12,
      logs: [{ destinationId: ids.destination, starts: [0n, null], ends: [end, null] }],
      commits: [
        { groupId: ids.group, destinationId: ids.destination, offsets: [5n, null, 9n], unknown: [2] },
      ],
    })
    const memory = newSweepMemory()
    await store(world, sweep(now - TEN_SECONDS, 9n), memory)
    await store(world, sweep(now, 10n), memory)
    const loaded = await loadSweepMemory(world.store, world.clusterId, now + 1000)
    expect([...loaded.written].sort()).toEqual([...memory.written].sort())
    expect(loaded.written.size).toBe(2)
    // Nothing reads a row as if it still held after so long.
    const late = await loadSweepMemory(world.store, world.clusterId, now + HOUR)
    expect([...late.written]).toEqual([])
  })

  it("ends a commit that expired while nobody swept, though it was written more than a heartbeat ago", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    const began = now - 6 * 60_000
    await using world = await storeWorld(began)
    const ids = await knownPair(world)
    const empty = { clusterId: world.clusterId, ms: 12, logs: [], commits: [] }
    const commits = [{ groupId: ids.group, destinationId: ids.destination, offsets: [5n], unknown: [] }]
    await store(world, { ...empty, at: began, commits }, newSweepMemory())
    const memory = await loadSweepMemory(world.store, world.clusterId, now)
    await store(world, { ...empty, at: now, readGroups: [ids.group] }, memory)
    const span = { clusterId: world.clusterId, from: began, to: now, stepMs: TEN_SECONDS }
    const [series] = await readCommits(world.store, { ...span, groupId: ids.group })
    expect(series).toMatchObject({ at: [began, now], offsets: [[5], [NO_COMMIT]] })
  })

  it("does not take a partition without a commit for unknown when the group could not be read", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    await store(world, sweepAt(now - TEN_SECONDS, world.clusterId, 10n), memory)
    const sweep = { clusterId: world.clusterId, at: now, ms: 12, logs: [], commits: [], unknownGroups: [3] }
    await store(world, sweep, memory)
    const span = { clusterId: world.clusterId, from: now - 1000, to: now, stepMs: TEN_SECONDS }
    const [series] = await readCommits(world.store, { ...span, groupId: 3 })
    expect(series?.offsets).toEqual([
      [5, -1],
      [null, -1],
    ])
  })

  it("finds when the end offset passed an offset", async () => {
    const now = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    for (let i = 0; i < 6; i++)
      await store(world, sweepAt(now + i * TEN_SECONDS, world.clusterId, BigInt(100 + i * 10)), memory)
    const found = await whenEndPassed(world.store, world.clusterId, [
      { destinationId: 7, partition: 0, offset: 125 },
      { destinationId: 7, partition: 0, offset: 50 },
    ])
    expect(found).toEqual([
      {
        destinationId: 7,
        partition: 0,
        offset: 125,
        before: { at: now + 2 * TEN_SECONDS, end: 120 },
        after: { at: now + 3 * TEN_SECONDS, end: 130 },
      },
    ])
  })
})

describe("roll-ups", () => {
  it("keep the last row of each bucket, and the lowest commit where a group went back", async () => {
    const now = Math.floor(Date.now() / HOUR) * HOUR
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    for (let i = 0; i < 180; i++) {
      const sweep = sweepAt(now - HOUR + i * TEN_SECONDS, world.clusterId, BigInt(i))
      sweep.commits[0] = {
        groupId: 3,
        destinationId: 7,
        offsets: [i === 9 ? 1n : BigInt(i + 10)],
        unknown: [],
      }
      await store(world, sweep, memory)
    }
    await rollUp(world.store, now)
    const minutes = await world.store.pool.query<{ ends: string[]; at: Date }>(
      "select at, ends from series.log_offsets_1m order by at",
    )
    expect(minutes.rows).toHaveLength(30)
    expect(minutes.rows.map((row) => Number(row.ends[0]))).toEqual(
      Array.from({ length: 30 }, (_, i) => i * 6 + 5),
    )
    const commits = await world.store.pool.query<{ offsets: string[]; lowest: string[] | null }>(
      "select offsets, lowest from series.committed_offsets_1m order by at limit 3",
    )
    expect(commits.rows.map((row) => Number((row.lowest ?? row.offsets)[0]))).toEqual([10, 1, 22])
    const tens = await world.store.pool.query("select * from series.log_offsets_10m")
    expect(tens.rowCount).toBe(3)
  })

  it("change nothing when they run again", async () => {
    const now = Math.floor(Date.now() / HOUR) * HOUR
    await using world = await storeWorld(now)
    const memory = newSweepMemory()
    for (let i = 0; i < 30; i++)
      await store(world, sweepAt(now - 600_000 + i * TEN_SECONDS, world.clusterId, BigInt(i)), memory)
    await rollUp(world.store, now)
    const before = await world.store.pool.query("select * from series.log_offsets_1m order by at")
    await rollUp(world.store, now)
    expect((await world.store.pool.query("select * from series.log_offsets_1m order by at")).rows).toEqual(
      before.rows,
    )
  })
})

describe("a charted range", () => {
  const now = Date.UTC(2026, 10, 20)
  const keep = { raw: 3, "1m": 20, "10m": 500 }

  it.each([
    { days: 2, stepMs: 10_000, level: "raw" },
    { days: 4, stepMs: 10_000, level: "1m" },
    { days: 2, stepMs: 60_000, level: "1m" },
    { days: 21, stepMs: 10_000, level: "10m" },
    { days: 1, stepMs: 600_000, level: "10m" },
  ])("of $days days ago, $stepMs ms a step, is read from $level", ({ days, stepMs, level }) => {
    expect(levelFor({ from: now - days * DAY, stepMs }, { now, keep })).toBe(level)
  })
})

describe("partitions", () => {
  it("are made ahead and dropped behind, however often it is asked", async () => {
    const now = Date.now()
    await using world = await storeWorld(now)
    expect(await keepPartitions(world.store, now)).toEqual({ made: [], dropped: [] })
    const later = await keepPartitions(world.store, now + 10 * DAY)
    expect(later.made.length).toBeGreaterThan(0)
    expect(later.dropped.every((name) => /^(sweep|log_offsets|committed_offsets)_\d{8}$/.test(name))).toBe(
      true,
    )
    expect(later.dropped.length).toBeGreaterThan(0)
  })

  it("cover the next two of each width, and go when all of them is older than what is kept", async () => {
    const start = Date.UTC(2026, 0, 1)
    await using world = await storeWorld(start)
    for (let day = 1; day <= 60; day++) await keepPartitions(world.store, start + day * DAY)
    const now = start + 60 * DAY
    const spans = await partitionSpans(world.store)
    const { keep } = world.store
    for (const [table, width, kept] of [
      ["log_offsets", 1, keep.raw],
      ["committed_offsets_1m", 7, keep["1m"]],
      ["sweep_10m", 30, keep["10m"]],
    ] as const) {
      const ours = spans.filter((one) => one.table === table)
      const [first, last] = [ours.at(0), ours.at(-1)]
      expect(last?.to, table).toBeGreaterThanOrEqual(now + 2 * width * DAY)
      expect(first?.from, table).toBeLessThanOrEqual(Math.max(start, now - kept * DAY))
      expect(first?.to, table).toBeGreaterThanOrEqual(now - (kept + 1) * DAY)
      for (const [i, one] of ours.entries()) if (i > 0) expect(one.from).toBe(ours[i - 1]?.to)
    }
  })

  it("are kept for as long as one has set", async () => {
    const start = Date.UTC(2026, 0, 1)
    await using world = await storeWorld(start)
    await using other = openStore(world.store.url, { max: 1, keep: { raw: 5, "1m": 14, "10m": 400 } })
    await keepPartitions(other, start + 5 * DAY)
    expect((await keepPartitions(other, start + 5 * DAY)).dropped).toEqual([])
    const { dropped } = await keepPartitions(world.store, start + 5 * DAY)
    expect(dropped).toContain("log_offsets_20260101")
  })

  it("are kept by two processes at once, while a reader holds a table of another level", async () => {
    const now = Date.now()
    await using world = await storeWorld(now)
    const later = now + 10 * DAY
    const both = transaction(world.store, async (client) => {
      await client.query("select count(*) from series.log_offsets_1m")
      const keeping = Promise.all([keepPartitions(world.store, later), keepPartitions(world.store, later)])
      await expect.poll(() => hasWaiter(world.store)).toBe(true)
      // Under one big transaction this reader and the keeper would each wait for what the other holds.
      await client.query("select count(*) from series.log_offsets")
      return { keeping }
    })
    const [one, two] = await (await both).keeping
    const made = [...one.made, ...two.made]
    expect(new Set(made).size).toBe(made.length)
    expect(await keepPartitions(world.store, later)).toEqual({ made: [], dropped: [] })
  })
})

/** A destination and a group that reads it, as the collector's inventory has them. */
async function knownPair(world: {
  store: Store
  clusterId: number
}): Promise<{ destination: number; group: number }> {
  const { prisma } = world.store
  const clusterId = world.clusterId
  const destination = await prisma.destination.create({ data: { clusterId, name: "orders", partitions: 2 } })
  const group = await prisma.consumerGroup.create({
    data: { clusterId, name: "billing", type: "classic", state: "stable" },
  })
  await prisma.groupDestination.create({
    data: { groupId: group.id, destinationId: destination.id, status: "ok" },
  })
  return { destination: destination.id, group: group.id }
}

/** The partitions of every table, in time order; ms. */
async function partitionSpans(store: Store): Promise<{ table: string; from: number; to: number }[]> {
  const { rows } = await store.pool.query<{ name: string; parent: string; bound: string }>(
    `select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     join pg_namespace n on n.oid = p.relnamespace where n.nspname = 'series' and c.relkind = 'r' order by c.relname`,
  )
  return rows.map(({ parent, bound }) => {
    const [from = "", to = ""] = [...bound.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? "")
    return { table: parent, from: Date.parse(from), to: Date.parse(to) }
  })
}

async function hasWaiter(store: Store): Promise<boolean> {
  const { rows } = await store.pool.query<{ waits: boolean }>(
    `select exists (select from pg_locks where not granted and locktype = 'relation'
       and database = (select oid from pg_database where datname = current_database())) as waits`,
  )
  return rows[0]?.waits ?? false
}
