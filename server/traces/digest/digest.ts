import type { PoolClient } from "pg"
import { type Store, transaction } from "#server/store/index.ts"
import { readOperations } from "../services/read-calls.ts"
import { nanoseconds } from "../times.ts"
import { type Analysis, analyse, idOf, type OperationKey } from "./analyse.ts"
import { sampleTraces } from "./sample.ts"

const MINUTE_MS = 60_000
/** A minute is looked at once it is over for as long: most traces are complete then. */
const SETTLED_MS = 120_000
/** Digests are kept for as many days as a page looks back, and more. */
const KEPT_MS = 8 * 86_400_000

/**
 * Reads a sample of the traces of a minute as a whole and stores who calls whom. Any number of processes may call it every
 * minute; each minute is looked at once. Returns the number of traces; null: there was nothing to do.
 */
export async function digestMinute(store: Pick<Store, "pool">, now: number): Promise<number | null> {
  const minute = Math.floor((now - SETTLED_MS) / MINUTE_MS) * MINUTE_MS
  const { rows } = await store.pool.query("select 1 from traces.digest where at = $1", [nanoseconds(minute)])
  if (rows.length > 0) return null
  const traces = await sampleTraces(store, minute)
  if (traces.length === 0) return null
  const analysis = analyse(traces)
  const operations = new Map([...(await readOperations(store)).values()].map((one) => [idOf(one), one.id]))
  return transaction(store, async (client) => {
    const mine = await client.query(
      "insert into traces.digest (at, traces, spans, orphans) values ($1, $2, $3, $4) on conflict do nothing",
      [nanoseconds(minute), traces.length, analysis.spans, analysis.orphans],
    )
    if (mine.rowCount === 0) return null
    await write(client, { minute, analysis, idOf: (key) => operations.get(idOf(key)) ?? 0 })
    await client.query("delete from traces.digest where at < $1", [nanoseconds(minute - KEPT_MS)])
    return traces.length
  })
}

interface Writing {
  minute: number
  analysis: Analysis
  idOf: (key: OperationKey) => number
}

async function write(client: PoolClient, { minute, analysis, idOf: id }: Writing): Promise<void> {
  const { edges, deliveries } = analysis
  const column = <One, Value>(all: readonly One[], value: (one: One) => Value) => all.map(value)
  const trace = ({ traceId }: { traceId: string }) => Buffer.from(traceId, "hex")
  await client.query(
    `insert into traces.edge (at, caller_id, callee_id, callers, calls, errors, retries, retried_after, timeouts, overtime, trace)
     select $1, * from unnest($2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[], $9::int[], $10::int[], $11::bytea[])`,
    [
      nanoseconds(minute),
      ...[column(edges, (one) => id(one.caller)), column(edges, (one) => id(one.callee))],
      ...[column(edges, (one) => one.callers), column(edges, (one) => one.calls)],
      ...[column(edges, (one) => one.errors), column(edges, (one) => one.retries)],
      column(edges, (one) => mostFrequent(one.retriedAfter)),
      ...[column(edges, (one) => one.timeouts), column(edges, (one) => one.overtime)],
      column(edges, trace),
    ],
  )
  await client.query(
    `insert into traces.delivery (at, operation_id, messages, repeated, trace)
     select $1, * from unnest($2::int[], $3::int[], $4::int[], $5::bytea[])`,
    [
      nanoseconds(minute),
      column(deliveries, (one) => id(one.consumer)),
      ...[column(deliveries, (one) => one.messages), column(deliveries, (one) => one.repeated)],
      column(deliveries, trace),
    ],
  )
}

function mostFrequent(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ""
}
