import type { TimedSpan } from "../analysis/timed-span.ts"
import { ERROR } from "../kinds.ts"
import { UNKNOWN_SERVICE } from "../otlp/received.ts"
import type { Span } from "../otlp/span.ts"
import { type AttributeView, attributesOf } from "../queries/attribute-view.ts"
import { type MessageFacts, messageOf, systemOf } from "../semconv/facts.ts"
import { factsOf, valueText } from "../semconv/facts-of.ts"

/** A span as the list of a trace has it: without its attributes. */
export interface SpanView extends TimedSpan {
  name: string
  statusMessage: string
  /** Such as grpc, http, kafka or postgresql; "" for none. */
  system: string
  message: MessageFacts | null
  /** Of its last exception, or what failed by `error.type`; "" for none. */
  failure: string
}

/** All that was sent with a span. */
export interface SpanDetail {
  attributes: AttributeView[]
  resource: AttributeView[]
  scope: { name: string; version: string; attributes: AttributeView[] }
  /** Times in ns since the epoch, in digits. */
  events: { name: string; timeNs: string; attributes: AttributeView[] }[]
  links: { traceId: string; spanId: string; attributes: AttributeView[] }[]
  /** Attributes, events and links that were sent and are not kept, or that its SDK dropped. */
  dropped: number
}

/** Texts of a list; the detail has all of them. */
const LONGEST = 2000

/** `zeroNs`: when the first span of the trace began. */
export function spanView(span: Span, zeroNs: bigint): SpanView {
  const facts = factsOf(span)
  const message = messageOf(facts, span.kind)
  const service = serviceOf(span)
  return {
    ...{ spanId: span.spanId, parentId: span.parentId, service, host: hostOf(span) ?? service },
    ...{ kind: span.kind, isError: span.status.code === ERROR },
    startNs: Number(span.startNs - zeroNs),
    endNs: Number(span.endNs - zeroNs),
    messaging: message?.operation ?? null,
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    name: span.name.slice(0, LONGEST),
    statusMessage: span.status.message.slice(0, LONGEST),
    system: systemOf(facts),
    message,
    failure: failureOf(span, facts.get("error.type")),
  }
}

export function spanDetail(span: Span): SpanDetail {
  const { scope } = span
  return {
    attributes: attributesOf(span.attributes),
    resource: attributesOf(span.resource.attributes),
    scope: { name: scope.name, version: scope.version, attributes: attributesOf(scope.attributes) },
    events: span.events.map((event) => ({
      name: event.name,
      timeNs: String(event.timeNs),
      attributes: attributesOf(event.attributes),
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      ...{ traceId, spanId, attributes: attributesOf(attributes) },
    })),
    dropped: span.droppedAttributes + span.droppedEvents + span.droppedLinks,
  }
}

function serviceOf({ resource }: Span): string {
  return textOf(resource.attributes, "service.name") || UNKNOWN_SERVICE
}

/** Whose clock a span's times are by: of a pod that of its node, where that is known. */
const HOST_KEYS = ["k8s.node.name", "host.name", "host.id", "service.instance.id"]

function hostOf({ resource }: Span): string | undefined {
  for (const key of HOST_KEYS) {
    const host = textOf(resource.attributes, key)
    if (host !== "") return host
  }
  return undefined
}

function failureOf({ events }: Span, errorType: string | undefined): string {
  const exception = events.findLast(({ name }) => name === "exception")
  const type = exception ? textOf(exception.attributes, "exception.type") : ""
  return (type || (errorType ?? "")).slice(0, LONGEST)
}

function textOf({ entries }: Span["attributes"], wanted: string): string {
  const [, value] = entries.findLast(([key]) => key === wanted) ?? []
  return value === undefined ? "" : (valueText(value) ?? "")
}
