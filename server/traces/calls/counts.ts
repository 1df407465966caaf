import { ERROR, isIncoming } from "../kinds.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { Sketch } from "./sketch.ts"

const MINUTE_MS = 60_000

type Example = Pick<ReceivedSpan, "durationNs" | "traceId">
type Counted = Pick<ReceivedSpan, "startMs" | "status" | "kind" | "durationNs" | "traceId">

/** The calls of one operation to one peer with one status in one minute. */
export interface Calls {
  operationId: number
  /** 0: none. */
  peerId: number
  status: number
  /** Where the minute begins, ms. */
  minute: number
  sketch: Sketch
  slowest: Example
}

/** The spans of one instance in one minute; `calls` and `errors` are of those that came in. */
export interface InstanceCalls {
  instanceId: number
  minute: number
  spans: number
  calls: number
  errors: number
  sketch: Sketch
}

/** The spans of one operation that failed alike in one minute. */
export interface ErrorCalls {
  errorId: number
  operationId: number
  minute: number
  spans: number
  traceId: Buffer
}

/** What is counted of the spans of a request. */
export interface Counts {
  calls: Calls[]
  instances: InstanceCalls[]
  errors: ErrorCalls[]
}

/** Of one span. 0 stands for what is not known. */
export interface Ids {
  operationId: number
  peerId: number
  instanceId: number
  errorId: number
}

/** Counts spans by minute. */
export class CallCounts {
  readonly #calls = new Map<string, Calls>()
  readonly #instances = new Map<string, InstanceCalls>()
  readonly #errors = new Map<string, ErrorCalls>()

  add(span: Counted, { operationId, peerId, instanceId, errorId }: Ids): void {
    const minute = Math.floor(span.startMs / MINUTE_MS) * MINUTE_MS
    const { status, durationNs, traceId } = span
    const calls = found(this.#calls, `${operationId} ${peerId} ${status} ${minute}`, () => ({
      ...{ operationId, peerId, status, minute },
      ...{ sketch: new Sketch(), slowest: { durationNs, traceId } },
    }))
    calls.sketch.add(durationNs)
    if (durationNs > calls.slowest.durationNs) calls.slowest = { durationNs, traceId }
    if (instanceId !== 0) this.#addInstance(span, instanceId, minute)
    if (errorId === 0) return
    found(this.#errors, `${errorId} ${operationId} ${minute}`, () => ({
      ...{ errorId, operationId, minute, spans: 0, traceId },
    })).spans++
  }

  #addInstance(span: Counted, instanceId: number, minute: number): void {
    const instance = found(this.#instances, `${instanceId} ${minute}`, () => ({
      ...{ instanceId, minute, spans: 0, calls: 0, errors: 0, sketch: new Sketch() },
    }))
    instance.spans++
    if (!isIncoming(span)) return
    instance.calls++
    if (span.status === ERROR) instance.errors++
    instance.sketch.add(span.durationNs)
  }

  all(): Counts {
    return {
      calls: [...this.#calls.values()],
      instances: [...this.#instances.values()],
      errors: [...this.#errors.values()],
    }
  }
}

function found<One>(map: Map<string, One>, key: string, make: () => One): One {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** The counts of several requests together. Those that are given stay as they are: a request may be written again. */
export function mergeCounts(all: readonly Counts[]): Counts {
  return {
    calls: mergeCalls(all.flatMap((one) => one.calls)),
    instances: mergeInstances(all.flatMap((one) => one.instances)),
    errors: mergeErrors(all.flatMap((one) => one.errors)),
  }
}

export function mergeCalls(all: readonly Calls[]): Calls[] {
  const merged = new Map<string, Calls>()
  for (const calls of all) {
    const { operationId, peerId, status, minute, slowest } = calls
    const key = `${operationId} ${peerId} ${status} ${minute}`
    const sum = found(merged, key, () => ({ ...calls, sketch: new Sketch() }))
    sum.sketch.addAll(calls.sketch)
    if (slowest.durationNs > sum.slowest.durationNs) sum.slowest = slowest
  }
  return [...merged.values()]
}

export function mergeInstances(all: readonly InstanceCalls[]): InstanceCalls[] {
  const merged = new Map<string, InstanceCalls>()
  for (const one of all) {
    const sum = found(merged, `${one.instanceId} ${one.minute}`, () => ({
      ...{ ...one, spans: 0, calls: 0, errors: 0, sketch: new Sketch() },
    }))
    sum.spans += one.spans
    sum.calls += one.calls
    sum.errors += one.errors
    sum.sketch.addAll(one.sketch)
  }
  return [...merged.values()]
}

export function mergeErrors(all: readonly ErrorCalls[]): ErrorCalls[] {
  const merged = new Map<string, ErrorCalls>()
  for (const one of all)
    found(merged, `${one.errorId} ${one.operationId} ${one.minute}`, () => ({ ...one, spans: 0 })).spans +=
      one.spans
  return [...merged.values()]
}
