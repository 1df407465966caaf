import { STATUSES } from "../kinds.ts"
import { type AttributeView, shown } from "../queries/attribute-view.ts"
import { type MessageFacts, messageOf, systemOf } from "../semconv/facts.ts"
import type { Condition } from "../traceql/ast.ts"
import type { StoredSpan } from "./stored-span.ts"

/** Characters of a text in a list; the trace has all of it. */
const LONGEST = 2000

/** A span that was found. */
export interface Hit {
  traceId: string
  spanId: string
  isRoot: boolean
  service: string
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  status: "unset" | "ok" | "error"
  statusMessage: string
  startMs: number
  durationMs: number
  /** Such as grpc, http, kafka or postgresql; "" for none. */
  system: string
  message: MessageFacts | null
  /** Those that the query names. */
  attributes: Pick<AttributeView, "key" | "value">[]
}

/** The keys of attributes that a condition names. */
export function mentioned(condition: Condition): ReadonlySet<string> {
  if (condition.is === "compare")
    return new Set(condition.field.of === "attribute" ? [condition.field.key] : [])
  const parts = condition.is === "not" ? [condition.part] : condition.parts
  return new Set(parts.flatMap((part) => [...mentioned(part)]))
}

export function hitOf(stored: StoredSpan, keys: ReadonlySet<string>): Hit {
  const { head, span, facts } = stored
  const all = [...span.attributes.entries, ...span.resource.attributes.entries]
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    isRoot: stored.isRoot,
    service: stored.service,
    name: span.name.slice(0, LONGEST),
    kind: span.kind,
    status: STATUSES[span.status.code] ?? "unset",
    statusMessage: span.status.message.slice(0, LONGEST),
    startMs: Number(stored.startNs / 1000n) / 1000,
    durationMs: stored.durationNs / 1e6,
    system: systemOf(facts),
    message: messageOf(facts, head.kind),
    attributes: all
      .filter(([key]) => keys.has(key))
      .map(([key, value]) => ({ key, value: shown(value).slice(0, LONGEST) })),
  }
}
