import { KINDS, STATUSES } from "../kinds.ts"
import { UNKNOWN_SERVICE } from "../otlp/received.ts"
import type { Attributes, Resource, Span, Value } from "../otlp/span.ts"
import { shown } from "../queries/attribute-view.ts"
import { toBase64 } from "./base64.ts"

/*
 * Jaeger's JSON as its page downloads and uploads it. What it has no field for are tags, as OpenTelemetry's translation names
 * them: https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/. Its times are whole microseconds.
 */
export function toJaegerJson(spans: readonly Span[]): object {
  const processes = new Map<Resource, string>()
  for (const { resource } of spans)
    if (!processes.has(resource)) processes.set(resource, `p${processes.size + 1}`)
  return {
    data: [
      {
        traceID: spans[0]?.traceId ?? "",
        spans: spans.map((span) => spanJson(span, processes.get(span.resource) ?? "")),
        processes: Object.fromEntries([...processes].map(([resource, id]) => [id, processJson(resource)])),
        warnings: null,
      },
    ],
    total: 0,
    limit: 0,
    offset: 0,
    errors: null,
  }
}

function processJson({ attributes }: Resource) {
  const [, name] = attributes.entries.findLast(([key]) => key === "service.name") ?? []
  return {
    serviceName: typeof name === "string" && name !== "" ? name : UNKNOWN_SERVICE,
    tags: tags(attributes).filter(({ key }) => key !== "service.name"),
  }
}

function spanJson(span: Span, processID: string) {
  const { traceId, parentId } = span
  const parents = parentId === "" ? [] : [{ refType: "CHILD_OF", traceID: traceId, spanID: parentId }]
  return {
    ...{ traceID: traceId, spanID: span.spanId, operationName: span.name, processID, flags: 1 },
    references: [
      ...parents,
      ...span.links.map((link) => ({
        ...{ refType: "FOLLOWS_FROM", traceID: link.traceId, spanID: link.spanId },
      })),
    ],
    startTime: microseconds(span.startNs),
    duration: microseconds(span.endNs - span.startNs),
    tags: [...tags(span.attributes), ...ownTags(span)],
    logs: span.events.map((event) => ({
      timestamp: microseconds(event.timeNs),
      fields: [tag("event", event.name), ...tags(event.attributes)],
    })),
    warnings: null,
  }
}

function ownTags({ kind, status, scope, traceState }: Span) {
  const own: [key: string, value: Value][] = []
  if (kind > 0) own.push(["span.kind", KINDS[kind] ?? ""])
  if (status.code > 0) own.push(["otel.status_code", (STATUSES[status.code] ?? "").toUpperCase()])
  if (status.message !== "") own.push(["otel.status_description", status.message])
  if (STATUSES[status.code] === "error") own.push(["error", true])
  if (scope.name !== "") own.push(["otel.scope.name", scope.name])
  if (scope.version !== "") own.push(["otel.scope.version", scope.version])
  if (traceState !== "") own.push(["w3c.tracestate", traceState])
  return own.map(([key, value]) => tag(key, value))
}

function tags({ entries }: Attributes) {
  return entries.map(([key, value]) => tag(key, value))
}

function tag(key: string, value: Value) {
  if (typeof value === "boolean") return { key, type: "bool", value }
  if (typeof value === "number" && Number.isFinite(value)) return { key, type: "float64", value }
  if (typeof value === "bigint") {
    // Beyond these, other readers would round it.
    const isExact = Number.isSafeInteger(Number(value))
    return { key, type: "int64", value: isExact ? Number(value) : String(value) }
  }
  if (value instanceof Uint8Array) return { key, type: "binary", value: toBase64(value) }
  return { key, type: "string", value: value === null ? "" : shown(value) }
}

function microseconds(ns: bigint): number {
  return Number(ns / 1000n)
}
