import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { ERROR, STATUSES } from "../kinds.ts"
import type { Span } from "../otlp/read.ts"
import { UNKNOWN_SERVICE } from "../otlp/received.ts"
import { factsOf } from "../search/stored-span.ts"
import { type MessageFacts, messageOf } from "../semconv/facts.ts"
import { msOfNs } from "../times.ts"
import { type AttributeView, attributesOf } from "./attribute-view.ts"
import { readTrace } from "./read-trace.ts"

export const getTraceInput = z.object({
  traceId: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{32}$/, "A trace id has 32 hexadecimal digits."),
})

export interface SpanView {
  spanId: string
  /** How many spans of the trace it is within. */
  depth: number
  service: string
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  status: "unset" | "ok" | "error"
  statusMessage: string
  /** ms after the trace's first span began. */
  offsetMs: number
  durationMs: number
  attributes: AttributeView[]
  resource: AttributeView[]
  events: { name: string; offsetMs: number; attributes: AttributeView[] }[]
  links: { traceId: string; spanId: string }[]
  /** What it sent or received; null for a span about no message. */
  message: MessageFacts | null
}

export interface TraceView {
  traceId: string
  startMs: number
  durationMs: number
  services: string[]
  errors: number
  /** Parents before children, siblings by start; a span whose parent is not stored stands at the top. */
  spans: SpanView[]
  /** Spans of the trace that are not shown. */
  isCut: boolean
}

/** Spans that are shown at most. */
const MAX_SHOWN = 2000

/** All that is stored of one trace. */
export async function getTrace(
  { store }: Pick<Context, "store">,
  { traceId }: z.output<typeof getTraceInput>,
): Promise<TraceView> {
  const { spans, isCut } = await readTrace(store, Buffer.from(traceId, "hex"))
  const [first] = spans
  if (!first)
    throw new DomainError(
      "not_found",
      "No span of this trace is stored. It may be older than spans are kept, or not sampled by its services.",
    )
  const start = first.startNs
  const ends = spans.map((span) => span.endNs - start).map(ms)
  return {
    traceId,
    startMs: msOfNs(start),
    durationMs: ends.reduce((latest, end) => Math.max(latest, end), 0),
    services: [...new Set(spans.map(serviceOf))].sort(),
    errors: spans.filter((span) => span.status.code === ERROR).length,
    spans: inOrder(spans)
      .slice(0, MAX_SHOWN)
      .map(({ span, depth }) => viewOf(span, { depth, start })),
    isCut: isCut || spans.length > MAX_SHOWN,
  }
}

/** Depth first. What stands in a circle of parents comes last, at the top. */
function inOrder(spans: readonly Span[]): { span: Span; depth: number }[] {
  const ids = new Set(spans.map((span) => span.spanId))
  const children = Map.groupBy(spans, (span) => (ids.has(span.parentId) ? span.parentId : ""))
  const seen = new Set<Span>()
  const ordered: { span: Span; depth: number }[] = []
  const walk = (roots: readonly Span[]) => {
    const open = roots.toReversed().map((span) => ({ span, depth: 0 }))
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next.span)) continue
      seen.add(next.span)
      ordered.push(next)
      const below = children.get(next.span.spanId) ?? []
      for (const span of below.toReversed()) open.push({ span, depth: next.depth + 1 })
    }
  }
  walk(children.get("") ?? [])
  for (const span of spans) if (!seen.has(span)) walk([span])
  return ordered
}

function viewOf(span: Span, { depth, start }: { depth: number; start: bigint }): SpanView {
  const status = STATUSES[span.status.code] ?? "unset"
  return {
    spanId: span.spanId,
    depth,
    service: serviceOf(span),
    name: span.name,
    kind: span.kind,
    status,
    statusMessage: span.status.message,
    offsetMs: ms(span.startNs - start),
    durationMs: ms(span.endNs - span.startNs),
    attributes: attributesOf(span.attributes),
    resource: attributesOf(span.resource.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      offsetMs: ms(event.timeNs - start),
      attributes: attributesOf(event.attributes),
    })),
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    message: messageOf(factsOf(span), span.kind),
  }
}

function serviceOf(span: Span): string {
  const [, name] = span.resource.attributes.entries.findLast(([key]) => key === "service.name") ?? []
  return typeof name === "string" && name !== "" ? name : UNKNOWN_SERVICE
}

function ms(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6
}
