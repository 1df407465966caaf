import { CLIENT, CONSUMER, ERROR } from "../kinds.ts"
import type { StoredSpan } from "../search/stored-span.ts"
import { messageOf, systemOf } from "../semconv/facts.ts"

/** What a digest needs of a span. Ids are hexadecimal. */
export interface TraceSpan {
  spanId: string
  /** Empty for a root. */
  parentId: string
  traceId: string
  service: string
  name: string
  kind: number
  isError: boolean
  startNs: bigint
  endNs: bigint
  /** What a failed call ended with, such as DEADLINE_EXCEEDED; "" when nothing says it. */
  failure: string
  /** Of a client span: that it queries a database. */
  isQuery: boolean
  /** What names the message that a consumer was given; null: nothing does. */
  message: string | null
}

export function toTraceSpan(stored: StoredSpan): TraceSpan {
  const { head, service, startNs, durationNs } = stored
  const isError = head.status === ERROR
  return {
    spanId: head.spanId.toString("hex"),
    parentId: stored.isRoot ? "" : head.parentId.toString("hex"),
    traceId: head.traceId.toString("hex"),
    service,
    name: head.name,
    kind: head.kind,
    isError,
    startNs,
    endNs: startNs + BigInt(durationNs),
    failure: isError ? failureOf(stored) : "",
    isQuery: head.kind === CLIENT && stored.facts.get("db.system.name") !== undefined,
    message: head.kind === CONSUMER ? messageKeyOf(stored) : null,
  }
}

function failureOf({ facts }: StoredSpan): string {
  const status = facts.get("rpc.status_code")
  if (status !== undefined && status !== "OK") return status
  return facts.get("error.type") ?? facts.get("http.response.status_code") ?? ""
}

function messageKeyOf({ facts, head }: StoredSpan): string | null {
  const message = messageOf(facts, head.kind)
  if (!message) return null
  const id = facts.get("messaging.message.id")
  if (message.partition !== null && message.offset !== null)
    return `${message.destination} ${message.partition} ${message.offset}`
  return id === undefined ? null : `${systemOf(facts)} ${id}`
}
