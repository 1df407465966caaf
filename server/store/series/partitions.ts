import type { PoolClient } from "pg"
import type { Store } from "../store.ts"
import { transaction } from "../store.ts"
import { type SeriesTable, seriesTables } from "./tables.ts"

const DAY_MS = 86_400_000
const LOCK = 7_245_002

/**
 * Makes the partitions that cover now and the next two, and drops those that are wholly older than what is kept.
 * Any number of processes may call it; one works, the others wait for it. Returns what was made and dropped.
 * Rejects when a long query holds a table for more than seconds: the next call goes on from there.
 */
export async function keepPartitions(
  store: Store,
  now: number,
): Promise<{ made: string[]; dropped: string[] }> {
  const made: string[] = []
  const dropped: string[] = []
  for (const table of seriesTables(store.keep)) {
    const changed = await transaction(store, (client) => keepTable(client, table, now))
    made.push(...changed.made)
    dropped.push(...changed.dropped)
  }
  return { made, dropped }
}

/** One table a transaction: readers that lock two levels in another order then never wait for us in a circle. */
async function keepTable(
  client: PoolClient,
  table: SeriesTable,
  now: number,
): Promise<{ made: string[]; dropped: string[] }> {
  await client.query("select pg_advisory_xact_lock($1)", [LOCK])
  // Making and dropping locks the whole table; whoever comes next must not queue behind a long query for long.
  await client.query("set local lock_timeout = '3s'")
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = $1::regclass",
    [table.name],
  )
  const existing = new Set(rows.map((row) => row.name))
  const missing = wanted(table, now).filter((partition) => !existing.has(partition.name))
  for (const partition of missing)
    await client.query(
      `create table series.${partition.name} partition of ${table.name} for values from ('${iso(partition.from)}') to ('${iso(partition.to)}')`,
    )
  const expired = [...existing].filter((name) => isExpired(name, table, now))
  for (const name of expired) await client.query(`drop table series.${name}`)
  return { made: missing.map((partition) => partition.name), dropped: expired }
}

function wanted(table: SeriesTable, now: number): { name: string; from: number; to: number }[] {
  const width = table.partitionDays * DAY_MS
  const current = Math.floor(now / width)
  return [-1, 0, 1, 2].map((step) => {
    const from = (current + step) * width
    return { name: `${table.name.replace("series.", "")}_${stamp(from)}`, from, to: from + width }
  })
}

function isExpired(child: string, table: SeriesTable, now: number): boolean {
  const digits = /_(\d{4})(\d{2})(\d{2})$/.exec(child)
  if (!digits) return false
  const from = Date.UTC(Number(digits[1]), Number(digits[2]) - 1, Number(digits[3]))
  const end = from + table.partitionDays * DAY_MS
  // The partition before the current one is always made ahead of late samples, so it is never dropped either.
  return end < now - Math.max(table.keepDays, table.partitionDays) * DAY_MS
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function stamp(ms: number): string {
  return iso(ms).slice(0, 10).replaceAll("-", "")
}
