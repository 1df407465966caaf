import { randomBytes } from "node:crypto"
import { encodeByLibrary } from "./otlp-schema.ts"

/** ms as OTLP's nanoseconds. */
export const nanoseconds = (ms: number) => `${ms}000000`

/** A request of spans of one trace and service. */
export function requestOf(traceId: Buffer, spans: object[], service = "cart"): Buffer {
  const now = Date.now()
  const filled = spans.map((span) => ({
    traceId,
    spanId: randomBytes(8),
    name: "GET /cart",
    kind: 2,
    startTimeUnixNano: nanoseconds(now),
    endTimeUnixNano: nanoseconds(now + 5),
    ...span,
  }))
  const attributes = [{ key: "service.name", value: { stringValue: service } }]
  return encodeByLibrary({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: filled }] }] })
}
