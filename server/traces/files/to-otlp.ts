import type { Attributes, Resource, Scope, Span, Value } from "../otlp/span.ts"
import { toBase64 } from "./base64.ts"

/** Spans as a TracesData message in OTLP's JSON, which Collectors and this page read. */
export function toOtlpJson(spans: readonly Span[]): object {
  const byResource = Map.groupBy(spans, ({ resource }) => resource)
  return {
    resourceSpans: [...byResource].map(([resource, ofResource]) => ({
      resource: common(resource),
      ...schema(resource),
      scopeSpans: [...Map.groupBy(ofResource, ({ scope }) => scope)].map(([scope, ofScope]) => ({
        scope: { name: scope.name, version: scope.version, ...common(scope) },
        ...schema(scope),
        spans: ofScope.map(spanJson),
      })),
    })),
  }
}

function schema({ schemaUrl }: Resource | Scope): { schemaUrl?: string } {
  return schemaUrl === "" ? {} : { schemaUrl }
}

interface Common {
  attributes: Attributes
  droppedAttributes: number
}

function common({ attributes, droppedAttributes }: Common) {
  return {
    attributes: pairs(attributes),
    ...(droppedAttributes > 0 ? { droppedAttributesCount: droppedAttributes } : {}),
  }
}

function spanJson(span: Span) {
  return {
    ...{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentId },
    ...{ traceState: span.traceState, flags: span.flags, name: span.name, kind: span.kind },
    startTimeUnixNano: String(span.startNs),
    endTimeUnixNano: String(span.endNs),
    ...common(span),
    events: span.events.map((event) => ({
      ...{ timeUnixNano: String(event.timeNs), name: event.name, ...common(event) },
    })),
    droppedEventsCount: span.droppedEvents,
    links: span.links.map((link) => ({
      ...{ traceId: link.traceId, spanId: link.spanId, traceState: link.traceState, flags: link.flags },
      ...common(link),
    })),
    droppedLinksCount: span.droppedLinks,
    status: span.status,
  }
}

function pairs({ entries }: Attributes) {
  return entries.map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: Value): object {
  if (value === null) return {}
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  if (typeof value === "bigint") return { intValue: String(value) }
  // JSON has no other numbers than these; protobuf's JSON writes them as texts.
  if (typeof value === "number") return { doubleValue: Number.isFinite(value) ? value : String(value) }
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: pairs(value) } }
}
