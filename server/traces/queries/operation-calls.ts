import type { Store } from "#server/store/index.ts"
import { type OperationRow, readCalls } from "../services/read-calls.ts"
import { RedSum } from "../services/red.ts"

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

interface Sum {
  operation: OperationRow
  red: RedSum
}

/** What was called in whole minutes of a range, ms since the epoch. Of every span that was received, whatever is kept of it. */
export async function operationCalls(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
): Promise<OperationCalls[]> {
  const found = new Map<number, Sum>()
  for await (const row of readCalls(store, { from: Math.floor(from), to: Math.floor(to) })) {
    const sum = found.get(row.operation.id) ?? { operation: row.operation, red: new RedSum() }
    found.set(row.operation.id, sum)
    sum.red.add(row)
  }
  return [...found.values()].map(viewOf).sort((a, b) => b.calls - a.calls)
}

function viewOf({ red, operation: { service, name: operation, kind } }: Sum): OperationCalls {
  const { calls, errors, p50Ms, p95Ms, p99Ms, slowest } = red.toRed()
  return {
    ...{ service, operation, kind, calls, errors, p50Ms: p50Ms ?? 0, p95Ms: p95Ms ?? 0, p99Ms: p99Ms ?? 0 },
    slowestMs: slowest?.durationMs ?? 0,
    slowestTraceId: slowest?.traceId ?? "",
  }
}
