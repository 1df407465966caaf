import type { Store } from "#server/store/index.ts"
import { Sketch } from "../calls/sketch.ts"
import { nanoseconds } from "../storing/partitions.ts"

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
         encode(c.slowest_trace, 'hex') as slowest_trace
       from traces.calls c join traces.operation o on o.id = c.operation_id join traces.service s on s.id = o.service_id
       where c.at >= $1 and c.at < $2`,
      [nanoseconds(at), nanoseconds(Math.min(at + AT_ONCE_MS, Math.floor(to)))],
    )
    for (const row of rows) add(found, row)
  }
  return [...found.values()].map(viewOf).sort((a, b) => b.calls - a.calls)
}

interface Row {
  service: string
  operation: string
  kind: number
  operation_id: number
  status: number
  sketch: Buffer
  slowest_ns: string
  slowest_trace: string
}

interface Sum extends Pick<Row, "service" | "operation" | "kind"> {
  all: Sketch
  errors: Sketch
  slowest: { ns: number; trace: string }
}

const ERROR = 2
const MS = 1e6

function add(found: Map<number, Sum>, row: Row): void {
  let sum = found.get(row.operation_id)
  if (!sum) {
    const { service, operation, kind } = row
    const slowest = { ns: -1, trace: "" }
    sum = { service, operation, kind, all: new Sketch(), errors: new Sketch(), slowest }
    found.set(row.operation_id, sum)
  }
  sum.all.addBytes(row.sketch)
  if (row.status === ERROR) sum.errors.addBytes(row.sketch)
  const ns = Number(row.slowest_ns)
  if (ns > sum.slowest.ns) sum.slowest = { ns, trace: row.slowest_trace }
}

function viewOf({ service, operation, kind, all, errors, slowest }: Sum): OperationCalls {
  const quantile = (share: number) => (all.quantile(share) ?? 0) / MS
  return {
    service,
    operation,
    kind,
    calls: all.count,
    errors: errors.count,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    slowestMs: slowest.ns / MS,
    slowestTraceId: slowest.trace,
  }
}
