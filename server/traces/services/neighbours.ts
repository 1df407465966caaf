import type { z } from "zod"
import type { Context } from "#server/context.ts"
import type { Store } from "#server/store/index.ts"
import { nanoseconds } from "../times.ts"
import type { DeliveryView, EdgeView } from "./edge-view.ts"
import { type Finding, findingsOf } from "./findings.ts"
import { type Minutes, minutesOf, type serviceInput } from "./range.ts"
import { type OperationRow, readOperations } from "./read-calls.ts"

export interface Neighbours {
  /** Edges into the service from others, the most calls first. */
  callers: EdgeView[]
  /** Edges from the service to others and to databases. */
  callees: EdgeView[]
  findings: Finding[]
  /**
   * What this is read from: whole traces, chosen by chance each minute. Edges by which fewer than about one trace in this
   * many passes may be missing; `orphans` of the spans name a parent that is not stored.
   */
  sample: { minutes: number; traces: number; spans: number; orphans: number }
}

/** Who calls a service, whom it calls, and what stands out in how. */
export async function listNeighbours(
  { store, now }: Pick<Context, "store" | "now">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<Neighbours> {
  const range = minutesOf(input, now())
  const operations = await readOperations(store)
  const [edges, deliveries, sample] = await Promise.all([
    readEdges(store, { range, operations }),
    readDeliveries(store, { range, operations }),
    readSample(store, range),
  ])
  const isOwn = ({ service: name }: Omit<OperationRow, "id">) => name === service
  const callers = edges.filter(({ caller, callee }) => isOwn(callee) && !isOwn(caller))
  const callees = edges.filter(({ caller }) => isOwn(caller))
  const own = deliveries.filter(({ consumer }) => isOwn(consumer))
  return {
    callers,
    callees,
    findings: findingsOf({ edges: [...callees, ...callers], deliveries: own }),
    sample,
  }
}

interface Reading {
  range: Minutes
  operations: ReadonlyMap<number, OperationRow>
}

interface EdgeRow {
  caller_id: number
  callee_id: number
  callers: number
  calls: number
  errors: number
  retries: number
  retried_after: string | null
  timeouts: number
  overtime: number
  trace: Buffer
}

async function readEdges(store: Store, { range, operations }: Reading): Promise<EdgeView[]> {
  const { rows } = await store.pool.query<EdgeRow>(
    `select caller_id, callee_id, sum(callers)::int as callers, sum(calls)::int as calls, sum(errors)::int as errors,
       sum(retries)::int as retries, mode() within group (order by nullif(retried_after, '')) as retried_after,
       sum(timeouts)::int as timeouts, sum(overtime)::int as overtime,
       (array_agg(trace order by retries desc, errors desc, at desc))[1] as trace
     from traces.edge where at >= $1 and at < $2 group by caller_id, callee_id order by sum(calls) desc`,
    [nanoseconds(range.from), nanoseconds(range.to)],
  )
  return rows.flatMap(({ caller_id, callee_id, retried_after, trace, ...counts }) => {
    const [caller, callee] = [operations.get(caller_id), operations.get(callee_id)]
    if (!caller || !callee) return []
    return {
      ...{ caller: named(caller), callee: named(callee), ...counts, retriedAfter: retried_after ?? "" },
      ...{ callsPerCaller: counts.calls / Math.max(1, counts.callers), traceId: trace.toString("hex") },
    }
  })
}

async function readDeliveries(store: Store, { range, operations }: Reading): Promise<DeliveryView[]> {
  const { rows } = await store.pool.query<{
    operation_id: number
    messages: number
    repeated: number
    trace: Buffer
  }>(
    `select operation_id, sum(messages)::int as messages, sum(repeated)::int as repeated,
       (array_agg(trace order by repeated desc, at desc))[1] as trace
     from traces.delivery where at >= $1 and at < $2 group by operation_id`,
    [nanoseconds(range.from), nanoseconds(range.to)],
  )
  return rows.flatMap(({ operation_id, messages, repeated, trace }) => {
    const consumer = operations.get(operation_id)
    return consumer ? { consumer: named(consumer), messages, repeated, traceId: trace.toString("hex") } : []
  })
}

async function readSample(store: Store, { from, to }: Minutes): Promise<Neighbours["sample"]> {
  const { rows } = await store.pool.query<Neighbours["sample"]>(
    `select count(*)::int as minutes, coalesce(sum(traces), 0)::int as traces, coalesce(sum(spans), 0)::int as spans,
       coalesce(sum(orphans), 0)::int as orphans from traces.digest where at >= $1 and at < $2`,
    [nanoseconds(from), nanoseconds(to)],
  )
  return rows[0] ?? { minutes: 0, traces: 0, spans: 0, orphans: 0 }
}

function named({ service, kind, name, system }: OperationRow): Omit<OperationRow, "id"> {
  return { service, kind, name, system }
}
