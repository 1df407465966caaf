import type { ReceivedSpan } from "../otlp/received.ts"
import { Sketch } from "./sketch.ts"

const MINUTE_MS = 60_000

/** The calls of one operation with one status in one minute. */
export interface Calls {
  operationId: number
  status: number
  /** Where the minute begins, ms. */
  minute: number
  sketch: Sketch
  slowest: Pick<ReceivedSpan, "durationNs" | "traceId">
}

/** Calls by operation, status and minute. */
export class CallCounts {
  readonly #calls = new Map<string, Calls>()

  add(operationId: number, span: ReceivedSpan): void {
    const minute = Math.floor(span.startMs / MINUTE_MS) * MINUTE_MS
    const key = `${operationId} ${span.status} ${minute}`
    let calls = this.#calls.get(key)
    if (!calls) {
      calls = { operationId, status: span.status, minute, sketch: new Sketch(), slowest: span }
      this.#calls.set(key, calls)
    }
    calls.sketch.add(span.durationNs)
    if (span.durationNs > calls.slowest.durationNs) calls.slowest = span
  }

  all(): Calls[] {
    return [...this.#calls.values()]
  }
}

/** The same with the calls of several requests together. */
export function mergeCalls(all: readonly (readonly Calls[])[]): Calls[] {
  const merged = new Map<string, Calls>()
  for (const calls of all.flat()) {
    const key = `${calls.operationId} ${calls.status} ${calls.minute}`
    const known = merged.get(key)
    if (!known) {
      merged.set(key, { ...calls, sketch: copyOf(calls.sketch) })
      continue
    }
    known.sketch.addBytes(calls.sketch.toBytes())
    if (calls.slowest.durationNs > known.slowest.durationNs) known.slowest = calls.slowest
  }
  return [...merged.values()]
}

/** A request may be written again after a failure: what it holds stays as it is. */
function copyOf(sketch: Sketch): Sketch {
  const copy = new Sketch()
  copy.addBytes(sketch.toBytes())
  return copy
}
