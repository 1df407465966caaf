import type { Store } from "#server/store/index.ts"
import { type CallsRow, RedSum } from "../services/red.ts"
import { nanoseconds } from "../times.ts"

/** One operation of a service over a range of time. Durations are in ms, within 1 %. */
export interface OperationCalls {
  service: string
  operation: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  calls: number
  errors: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  slowestMs: number
  /** Hexadecimal. */
  slowestTraceId: string
}

/** Minutes that are read at once: each operation has up to three rows in each. */
const AT_ONCE_MS = 10 * 60_000

/** What was called in whole minutes of a range, ms since the epoch. Of every span that was received, whatever is kept of it. */
export async function operationCalls(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
): Promise<OperationCalls[]> {
  const found = new Map<number, Sum>()
  for (let at = Math.floor(from); at < to; at += AT_ONCE_MS) {
    const { rows } = await store.pool.query<Row>(
      `select s.name as service, o.name as operation, o.kind, c.operation_id, c.status, c.sketch, c.slowest_ns,
         c.slowest_trace
       from traces.calls c join traces.operation o on o.id = c.operation_id join traces.service s on s.id = o.service_id
       where c.at >= $1 and c.at < $2`,
      [nanoseconds(at), nanoseconds(Math.min(at + AT_ONCE_MS, Math.floor(to)))],
    )
    for (const row of rows) add(found, row)
  }
  return [...found.values()].map(viewOf).sort((a, b) => b.calls - a.calls)
}

interface Row extends CallsRow {
  service: string
  operation: string
  kind: number
  operation_id: number
}

interface Sum extends Pick<Row, "service" | "operation" | "kind"> {
  red: RedSum
}

function add(found: Map<number, Sum>, row: Row): void {
  const { service, operation, kind, operation_id: id } = row
  const sum = found.get(id) ?? { service, operation, kind, red: new RedSum() }
  found.set(id, sum)
  sum.red.add(row)
}

function viewOf({ red, ...of }: Sum): OperationCalls {
  const { calls, errors, p50Ms, p95Ms, p99Ms, slowest } = red.toRed()
  return {
    ...{ ...of, calls, errors, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, p99Ms: p99Ms ?? 0 },
    slowestMs: slowest?.durationMs ?? 0,
    slowestTraceId: slowest?.traceId ?? "",
  }
}
