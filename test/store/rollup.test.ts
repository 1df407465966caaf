import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  newSweepMemory,
  readCommits,
  rollUp,
  type Store,
  transaction,
  writeSweep,
} from "#server/store/index.ts"
import { storeWorld } from "./world.ts"

const TEN_SECONDS = 10_000
const PARTITIONS = 3

interface Row {
  at: number
  offsets: (number | null)[]
}

/** What a group committed sweep by sweep: positions, no commit (-1), unknown (null), and sweeps that failed. */
const commits = fc.array(
  fc.option(
    fc.array(fc.oneof(fc.integer({ min: -1, max: 50 }), fc.constant(null)), {
      minLength: PARTITIONS,
      maxLength: PARTITIONS,
    }),
    { nil: "no sweep" as const, freq: 8 },
  ),
  { minLength: 200, maxLength: 260, size: "max" },
)

describe("roll-ups of commits", () => {
  it("equal what a naive computation makes of the raw rows, in one go or in many", async () => {
    const from = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000
    await using world = await storeWorld(from)
    let groupId = 0
    const memory = newSweepMemory()
    const histories = fc.sample(commits, 5)
    for (const history of histories) {
      groupId++
      await storeHistory(world, { groupId, from, history, memory })
    }
    for (let now = from + 330_000; now <= from + 3_600_000; now += 330_000) await rollUp(world.store, now)
    for (let group = 1; group <= groupId; group++) {
      const raw = await rowsOf(world.store, "committed_offsets", group)
      for (const [table, seconds] of [
        ["committed_offsets_1m", 60],
        ["committed_offsets_10m", 600],
      ] as const)
        expect(await rowsOf(world.store, table, group)).toEqual(naive(raw, seconds * 1000))
    }
  })

  it("give at every bucket's end what the raw rows gave there, carried forward", async () => {
    const from = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000
    await using world = await storeWorld(from)
    const [history = []] = fc.sample(commits, 1)
    await storeHistory(world, { groupId: 1, from, history, memory: newSweepMemory() })
    const to = from + 1_800_000
    const span = { clusterId: world.clusterId, groupId: 1, from, to }
    const [raw] = await readCommits(world.store, { ...span, stepMs: TEN_SECONDS })
    await rollUp(world.store, to + 60_000)
    const [rolled] = await readCommits(world.store, { ...span, stepMs: 60_000 })
    for (let at = from + 60_000; at <= to; at += 60_000)
      expect(heldBefore(rolled, at), `at ${at - from}`).toEqual(heldBefore(raw, at))
  })
})

interface History {
  groupId: number
  from: number
  history: ((number | null)[] | "no sweep")[]
  memory: ReturnType<typeof newSweepMemory>
}

/** Clusters of their own, since a sweep is stored once a cluster and moment. */
async function storeHistory(world: { store: Store; clusterId: number }, one: History): Promise<void> {
  for (const [i, offsets] of one.history.entries()) {
    if (offsets === "no sweep") continue
    const commit = {
      groupId: one.groupId,
      destinationId: 7,
      offsets: offsets.map((offset) => (offset === null || offset < 0 ? null : BigInt(offset))),
      unknown: offsets.flatMap((offset, partition) => (offset === null ? [partition] : [])),
    }
    const sweep = {
      clusterId: world.clusterId + one.groupId - 1,
      at: one.from + i * TEN_SECONDS,
      ms: 1,
      logs: [],
      commits: [commit],
    }
    const written = await transaction(world.store, (client) => writeSweep(client, sweep, one.memory))
    written.remember()
  }
}

async function rowsOf(store: Store, table: string, group: number) {
  const lowest = table === "committed_offsets" ? "offsets" : "coalesce(lowest, offsets)"
  const { rows } = await store.pool.query<{ at: Date; offsets: string[]; lowest: string[] }>(
    `select at, offsets, ${lowest} as lowest from series.${table} where group_id = $1 order by at`,
    [group],
  )
  const numbers = (values: (string | null)[]) =>
    values.map((value) => (value === null ? null : Number(value)))
  return rows.map((row) => ({
    at: row.at.getTime(),
    offsets: numbers(row.offsets),
    lowest: numbers(row.lowest),
  }))
}

function naive(raw: Row[], bucketMs: number): (Row & { lowest: (number | null)[] })[] {
  const buckets = Map.groupBy(raw, (row) => Math.floor(row.at / bucketMs))
  return [...buckets.values()].flatMap((rows) => {
    const last = rows.at(-1)
    if (!last) return []
    const lowest = last.offsets.map((_, partition) => {
      const known = rows
        .map((row) => row.offsets[partition])
        .filter((offset) => offset !== null && offset !== undefined)
      return known.length === 0 ? null : Math.min(...known)
    })
    return { at: last.at, offsets: last.offsets, lowest }
  })
}

function heldBefore(series: { at: number[]; offsets: (number | null)[][] } | undefined, at: number) {
  const index = series?.at.findLastIndex((one) => one < at) ?? -1
  return series?.offsets[index]
}
