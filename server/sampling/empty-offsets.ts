import type { PoolClient } from "pg"
import type { OffsetRange, Sampled } from "#server/brokers/broker.ts"
import { toJson } from "#server/store/index.ts"
import type { Inventory } from "./inventory.ts"

/** Older ones explain no chart that anybody looks at. */
const KEEP_DAYS = 7

/** Keeps the offsets that were found to hold no message, so that history and pages count as sweeps do. */
export class EmptyOffsets {
  /** What was written, and up to where. */
  #written = new Map<string, bigint>()

  /** Writes what is new within the caller's transaction. Returns what is to be called once it is committed. */
  async write(client: PoolClient, sampled: Sampled, inventory: Inventory): Promise<() => void> {
    const all = sampled.destinations.flatMap(({ name, empty = [] }) => {
      const id = inventory.destinations.get(name)?.id
      return id === undefined ? [] : empty.map((range) => ({ id, ...range }))
    })
    const rows = all.filter((row) => this.#written.get(keyOf(row)) !== row.to)
    if (rows.length > 0) {
      const json = toJson(rows.map((row) => ({ ...row, from: String(row.from), to: String(row.to) })))
      await client.query(UPSERT, [json, new Date(sampled.at).toISOString()])
    }
    return () => {
      this.#written = new Map(all.map((row) => [keyOf(row), row.to]))
    }
  }
}

const UPSERT = `with old as (delete from empty_offsets where seen_at < $2::timestamptz - interval '${KEEP_DAYS} days')
  insert into empty_offsets (destination_id, partition, from_offset, to_offset, seen_at)
  select x.id, x.partition, x."from", x."to", $2 from jsonb_to_recordset($1)
    as x(id int, partition int, "from" bigint, "to" bigint)
  on conflict (destination_id, partition, from_offset) do update
    set to_offset = excluded.to_offset, seen_at = excluded.seen_at`

function keyOf(row: OffsetRange & { id: number }): string {
  return `${row.id}/${row.partition}/${row.from}`
}
