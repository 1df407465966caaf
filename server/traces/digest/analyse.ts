import { CLIENT, isIncoming } from "../kinds.ts"
import type { TraceSpan } from "./trace-span.ts"

/** An operation as spans name it. */
export interface OperationKey {
  service: string
  kind: number
  name: string
}

/** Calls from one operation to another, in whole traces. */
export interface Edge {
  caller: OperationKey
  callee: OperationKey
  /** Spans of the caller with at least one such call. */
  callers: number
  calls: number
  errors: number
  /** Calls by one caller after one of its calls had failed. */
  retries: number
  /** What those before failed with, counted. */
  retriedAfter: Map<string, number>
  /** Calls that ended by a deadline. */
  timeouts: number
  /** Callees that went on after their caller's call had ended. */
  overtime: number
  traceId: string
}

/** Messages that a consumer was given, and those that it was given before. */
export interface Delivery {
  consumer: OperationKey
  messages: number
  repeated: number
  traceId: string
}

export interface Analysis {
  edges: Edge[]
  deliveries: Delivery[]
  spans: number
  /** Spans whose parent is not stored. */
  orphans: number
}

/** Clocks of two hosts differ: a callee that ends this much later went on for certain, ns. */
const CLOCKS_NS = 5_000_000n

/** One call: from a span of the caller that serves something, by a client span, to a callee. */
interface Call {
  entry: TraceSpan
  client: TraceSpan
  callee: TraceSpan
}

/** What whole traces say of who calls whom. */
export function analyse(traces: Iterable<readonly TraceSpan[]>): Analysis {
  const edges = new Map<string, Edge>()
  const deliveries = new Map<string, Delivery>()
  const analysis: Analysis = { edges: [], deliveries: [], spans: 0, orphans: 0 }
  for (const spans of traces) {
    const byId = new Map(spans.map((span) => [span.spanId, span]))
    analysis.spans += spans.length
    analysis.orphans += spans.filter(({ parentId }) => parentId !== "" && !byId.has(parentId)).length
    const calls = spans.flatMap((span) => callOf(span, byId) ?? [])
    const keyOf = ({ entry, callee }: Call) => `${entry.spanId}\0${idOf(callee)}`
    for (const ofOne of Map.groupBy(calls, keyOf).values()) addCalls(edges, ofOne)
    addDeliveries(deliveries, spans)
  }
  analysis.edges = [...edges.values()]
  analysis.deliveries = [...deliveries.values()]
  return analysis
}

function callOf(span: TraceSpan, byId: ReadonlyMap<string, TraceSpan>): Call | null {
  const parent = byId.get(span.parentId)
  if (!parent) return null
  if (span.isQuery) return { entry: entryOf(parent, byId), client: span, callee: span }
  if (!isIncoming(span)) return null
  return { entry: entryOf(parent, byId), client: parent, callee: span }
}

/** The span by which its service was entered: what it serves, or where its part of the trace begins. */
function entryOf(span: TraceSpan, byId: ReadonlyMap<string, TraceSpan>): TraceSpan {
  let entry = span
  // Parents in a circle end at the number of spans.
  for (let steps = 0; steps < byId.size; steps++) {
    if (isIncoming(entry)) return entry
    const parent = byId.get(entry.parentId)
    if (!parent || parent.service !== entry.service) return entry
    entry = parent
  }
  return entry
}

/** Calls of one caller's span to one operation. */
function addCalls(edges: Map<string, Edge>, unsorted: readonly Call[]): void {
  const calls = [...unsorted].sort((a, b) => (a.client.startNs < b.client.startNs ? -1 : 1))
  const [first] = calls
  if (!first) return
  const key = `${idOf(first.entry)}\0${idOf(first.callee)}`
  const edge = edges.get(key) ?? newEdge(first)
  edges.set(key, edge)
  edge.callers++
  let failure: string | null = null
  for (const { client, callee } of calls) {
    edge.calls++
    if (failure !== null) {
      edge.retries++
      edge.retriedAfter.set(failure, (edge.retriedAfter.get(failure) ?? 0) + 1)
      edge.traceId = callee.traceId
    }
    const failed = client.isError ? client : callee.isError ? callee : null
    failure = failed ? failed.failure : null
    if (failed) edge.errors++
    if (failed && /deadline|timeout|timed.?out|^504$/i.test(failed.failure)) edge.timeouts++
    if (client.kind === CLIENT && callee !== client && callee.endNs > client.endNs + CLOCKS_NS)
      edge.overtime++
  }
}

function newEdge({ entry, callee }: Call): Edge {
  const counts = { callers: 0, calls: 0, errors: 0, retries: 0, timeouts: 0, overtime: 0 }
  return {
    caller: keyOf(entry),
    callee: keyOf(callee),
    ...counts,
    retriedAfter: new Map(),
    traceId: callee.traceId,
  }
}

function addDeliveries(deliveries: Map<string, Delivery>, spans: readonly TraceSpan[]): void {
  const given = spans.filter((span) => span.message !== null)
  for (const ofOne of Map.groupBy(given, (span) => `${idOf(span)}\0${span.message}`).values()) {
    const [first] = ofOne
    if (!first) continue
    const delivery = deliveries.get(idOf(first)) ?? {
      ...{ consumer: keyOf(first), messages: 0, repeated: 0, traceId: first.traceId },
    }
    deliveries.set(idOf(first), delivery)
    delivery.messages++
    if (ofOne.length === 1) continue
    delivery.repeated++
    delivery.traceId = first.traceId
  }
}

function keyOf({ service, kind, name }: TraceSpan): OperationKey {
  return { service, kind, name }
}

export function idOf({ service, kind, name }: OperationKey): string {
  return `${service}\0${kind}${name}`
}
