import type { PoolClient } from "pg"
import { type Store, transaction } from "#server/store/index.ts"
import { copyCounts } from "../storing/write-counts.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import { type Counts, mergeCounts } from "./counts.ts"
import { Sketch } from "./sketch.ts"

const LOCK = 7_245_022
/** A minute is put together once it is over for as long: most spans have arrived then. */
const SETTLED_MS = 90_000
/** What arrives later than this stays in rows of its own; sums are the same. */
const BACK_MS = 1_800_000

/**
 * Puts the rows that commits wrote for the same minute into one, so that a day is read quickly. Any number of processes may
 * call it; one at a time does it. Returns how many rows there are fewer.
 */
export async function foldCounts(store: Pick<Store, "pool">, now: number): Promise<number> {
  return transaction(store, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_xact_lock($1) as mine", [
      LOCK,
    ])
    if (rows[0]?.mine !== true) return 0
    const range = [nanoseconds(now - BACK_MS), nanoseconds(now - SETTLED_MS)]
    const counts = await takeCounts(client, range)
    const merged = mergeCounts([counts])
    await copyCounts(client, merged)
    return sizeOf(counts) - sizeOf(merged)
  })
}

function sizeOf({ calls, instances, errors }: Counts): number {
  return calls.length + instances.length + errors.length
}

/** Deletes and returns the rows of minutes in which something stands in more than one. */
async function takeCounts(client: PoolClient, range: string[]): Promise<Counts> {
  const take = async <Row extends object>(table: string, key: string) => {
    const { rows } = await client.query<Row & { at: string }>(
      `delete from traces.${table} where at in (select at from traces.${table}
         where at >= $1 and at < $2 group by at, ${key} having count(*) > 1) returning *`,
      range,
    )
    return rows.map((row) => ({ ...row, minute: msOfNs(row.at) }))
  }
  const calls = await take<CallsRow>("calls", "operation_id, peer_id, status")
  const instances = await take<InstanceRow>("instance_calls", "instance_id")
  const errors = await take<ErrorRow>("error_calls", "error_id, operation_id")
  return {
    calls: calls.map((row) => ({
      ...{ operationId: row.operation_id, peerId: row.peer_id, status: row.status, minute: row.minute },
      sketch: sketchOf(row.sketch),
      slowest: { durationNs: Number(row.slowest_ns), traceId: row.slowest_trace },
    })),
    instances: instances.map(({ instance_id, minute, spans, calls: own, errors: failed, sketch }) => ({
      ...{ instanceId: instance_id, minute, spans, calls: own, errors: failed, sketch: sketchOf(sketch) },
    })),
    errors: errors.map(({ error_id, operation_id, minute, spans, trace }) => ({
      ...{ errorId: error_id, operationId: operation_id, minute, spans, traceId: trace },
    })),
  }
}

interface CallsRow {
  operation_id: number
  peer_id: number
  status: number
  slowest_ns: string
  slowest_trace: Buffer
  sketch: Buffer
}

interface InstanceRow {
  instance_id: number
  spans: number
  calls: number
  errors: number
  sketch: Buffer
}

interface ErrorRow {
  error_id: number
  operation_id: number
  spans: number
  trace: Buffer
}

function sketchOf(bytes: Buffer): Sketch {
  const sketch = new Sketch()
  sketch.addBytes(bytes)
  return sketch
}
