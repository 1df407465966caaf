import type { Store } from "../store.ts"
import { transaction } from "../store.ts"
import { DEFAULT_KEEP, type Keep, type SeriesTable, seriesTables } from "./tables.ts"

const DAY_MS = 86_400_000
const LOCK = 7_245_002

/**
 * Makes the partitions that cover now and the next two, and drops those that are wholly older than what is kept.
 * Any number of processes may call it; one works, the others wait for it. Returns what was made and dropped.
 */
export async function keepPartitions(
  store: Store,
  now: number,
  keep: Keep = DEFAULT_KEEP,
): Promise<{ made: string[]; dropped: string[] }> {
  return transaction(store, async (client) => {
    await client.query("select pg_advisory_xact_lock($1)", [LOCK])
    const { rows } = await client.query<{ child: string; parent: string }>(
      `select c.relname as child, 'series.' || p.relname as parent from pg_inherits
       join pg_class c on c.oid = inhrelid join pg_class p on p.oid = inhparent
       join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'series' where c.relkind = 'r'`,
    )
    const existing = new Map(rows.map((row) => [row.child, row.parent]))
    const made: string[] = []
    const dropped: string[] = []
    for (const table of seriesTables(keep)) {
      for (const partition of wanted(table, now)) {
        if (existing.has(partition.name)) continue
        await client.query(
          `create table series.${partition.name} partition of ${table.name} for values from ('${iso(partition.from)}') to ('${iso(partition.to)}')`,
        )
        made.push(partition.name)
      }
      for (const [child, parent] of existing) {
        if (parent !== table.name || !isExpired(child, table, now)) continue
        await client.query(`drop table series.${child}`)
        dropped.push(child)
      }
    }
    return { made, dropped }
  })
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
