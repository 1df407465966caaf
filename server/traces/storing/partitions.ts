import type { PoolClient } from "pg"
import { type Store, transaction } from "#server/store/index.ts"
import { nanoseconds } from "../times.ts"

const HOUR_MS = 3_600_000
/** How wide a partition is: what is dropped at once when there is too much. */
export const PARTITION_MS = 6 * HOUR_MS
/** How wide a chunk is at most, so that what is near in time is found without looking far; partitions hold whole ones. */
export const SLOT_MS = 600_000
const LOCK = 7_245_021

/** Partitioned alike, by nanoseconds. */
const TABLES = ["chunk", "trace", "request", "calls", "calls_hour", "instance_calls", "error_calls"] as const

/** Where the partition of a moment begins, ms since the epoch. */
export function partitionOf(ms: number): number {
  return Math.floor(ms / PARTITION_MS) * PARTITION_MS
}

/** Where the slot of a moment begins, ms since the epoch. */
export function slotOf(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS
}

/** Makes the partitions that begin at `moments`, where they are missing. Any number of processes may do so at once. */
export async function makePartitions(store: Pick<Store, "pool">, moments: Iterable<number>): Promise<void> {
  await changePartitions(store, async (client) => {
    const existing = new Set(await partitions(client))
    for (const from of moments)
      if (!existing.has(from))
        for (const table of TABLES)
          await client.query(
            `create table traces.${table}_${stamp(from)} partition of traces.${table} for values from (${nanoseconds(from)}) to (${nanoseconds(from + PARTITION_MS)})`,
          )
  })
}

/** How much is kept: whichever comes first. */
export interface TraceRetention {
  days: number
  bytes: number
}

/**
 * Drops the partitions that are older than what is kept, and the oldest ones while all together are larger. The last two,
 * which are being written, stay. Returns where the dropped ones began.
 */
export async function dropPartitions(
  store: Pick<Store, "pool">,
  keep: TraceRetention,
  now: number,
): Promise<number[]> {
  return changePartitions(store, async (client) => {
    const all = (await partitions(client)).sort((a, b) => a - b)
    const sizes = await sizesOf(client, all)
    let total = sizes.reduce((sum, size) => sum + size, 0)
    const dropped: number[] = []
    for (const [i, from] of all.entries()) {
      const isOld = from + PARTITION_MS <= now - keep.days * 24 * HOUR_MS
      const isLarge = total > keep.bytes && from + PARTITION_MS < partitionOf(now)
      if (!isOld && !isLarge) continue
      for (const table of TABLES) await client.query(`drop table traces.${table}_${stamp(from)}`)
      total -= sizes[i] ?? 0
      dropped.push(from)
    }
    return dropped
  })
}

async function changePartitions<Result>(
  store: Pick<Store, "pool">,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return transaction(store, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [LOCK])
    // Making and dropping locks the whole table: spans that come meanwhile must not wait for a long query.
    await client.query("set local lock_timeout = '3s'")
    return work(client)
  })
}

async function partitions(client: PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = 'traces.chunk'::regclass",
  )
  return rows.flatMap(({ name }) => {
    const [, year, month, day, hour] = /_(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(name) ?? []
    return year ? [Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour))] : []
  })
}

/** Bytes on disk of each, indexes included. */
async function sizesOf(client: PoolClient, all: readonly number[]): Promise<number[]> {
  const names = all.map((from) => TABLES.map((table) => `traces.${table}_${stamp(from)}`))
  const { rows } = await client.query<{ name: string; bytes: string }>(
    "select name, pg_total_relation_size(name::regclass) as bytes from unnest($1::text[]) as name",
    [names.flat()],
  )
  const bytes = new Map(rows.map((row) => [row.name, Number(row.bytes)]))
  return names.map((own) => own.reduce((sum, name) => sum + (bytes.get(name) ?? 0), 0))
}

/** Such as 2026112706. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 13).replaceAll(/\D/g, "")
}
