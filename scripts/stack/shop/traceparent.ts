import { randomBytes } from "node:crypto"

/** The W3C trace context header: version, trace id, span id of the caller, flags. */
export type Traceparent = string

/** A new trace, as the first service of a request makes it. */
export function newTrace(): Traceparent {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`
}

/** The same trace with a span id of our own: what we hand to those whom we call. */
export function continueTrace(parent: Traceparent | undefined): Traceparent {
  const traceId = parent?.split("-")[1]
  return traceId ? `00-${traceId}-${randomBytes(8).toString("hex")}-01` : newTrace()
}
