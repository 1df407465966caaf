import { normaliseMessage } from "#server/normalise-message.ts"
import { readSpanOf } from "../otlp/read.ts"
import type { Span } from "../otlp/span.ts"
import { factsOf, valueText } from "../semconv/facts-of.ts"

/** What spans that failed alike have in common. */
export interface ErrorCause {
  /** The class of the exception, or the status of the call. */
  type: string
  /** Without what differs from one failure to the next, as failure groups have it. */
  message: string
}

const NOTHING = Buffer.alloc(0)
const ALONE = () => ({ resourceSpans: NOTHING, scopeSpans: NOTHING, bytes: NOTHING })

/** Why a span failed, by its last exception, else by what its attributes and its status say. */
export function errorCauseOf(bytes: Buffer): ErrorCause {
  return causeOf(readSpanOf(bytes, ALONE()))
}

export function causeOf(span: Span): ErrorCause {
  const facts = factsOf(span)
  const exception = span.events.findLast((event) => event.name === "exception")?.attributes
  const said = (key: string) => {
    const [, value] = exception?.entries.find(([name]) => name === key) ?? []
    return value === undefined ? undefined : (valueText(value) ?? undefined)
  }
  const rpc = facts.get("rpc.status_code")
  const http = facts.get("http.response.status_code")
  const type =
    said("exception.type") ??
    facts.get("error.type") ??
    (rpc === "OK" ? undefined : rpc) ??
    (http && `HTTP ${http}`)
  const message = said("exception.message") ?? span.status.message
  return { type: type ?? "error", message: normaliseMessage(message) }
}
