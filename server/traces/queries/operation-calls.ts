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

/** What was called in whole minutes of a range, ms since the epoch. Of every span that was received, whatever is kept of it. */
export async function operationCalls(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
): Promise<OperationCalls[]> {
  const { rows } = await store.pool.query<Row>(
    `select s.name as service, o.name as operation, o.kind, c.operation_id, c.status, c.sketch, c.slowest_ns,
       encode(c.slowest_trace, 'hex') as slowest_trace
     from traces.calls c join traces.operation o on o.id = c.operation_id join traces.service s on s.id = o.service_id
     where c.at >= $1 and c.at < $2`,
    [nanoseconds(Math.floor(from)), nanoseconds(Math.floor(to))],
  )
  return [...Map.groupBy(rows, (row) => row.operation_id).values()]
    .map(merged)
    .sort((a, b) => b.calls - a.calls)
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

const ERROR = 2
const MS = 1e6

function merged(rows: readonly Row[]): OperationCalls {
  const all = new Sketch()
  const errors = new Sketch()
  let slowest: { ns: number; trace: string } = { ns: -1, trace: "" }
  for (const row of rows) {
    all.addBytes(row.sketch)
    if (row.status === ERROR) errors.addBytes(row.sketch)
    const ns = Number(row.slowest_ns)
    if (ns > slowest.ns) slowest = { ns, trace: row.slowest_trace }
  }
  const quantile = (share: number) => (all.quantile(share) ?? 0) / MS
  const [first] = rows
  return {
    service: first?.service ?? "",
    operation: first?.operation ?? "",
    kind: first?.kind ?? 0,
    calls: all.count,
    errors: errors.count,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    slowestMs: slowest.ns / MS,
    slowestTraceId: slowest.trace,
  }
}
