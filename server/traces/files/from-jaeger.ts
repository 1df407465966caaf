import { z } from "zod"
import { KINDS, STATUSES } from "../kinds.ts"
import { Attributes, type Span, type SpanLink, type Value } from "../otlp/span.ts"
import { fromBase64 } from "./base64.ts"

/** Leading zeros may be missing. */
function id(digits: number) {
  return z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{1,${digits}}$`), `must be up to ${digits} hexadecimal digits`)
    .transform((text) => text.toLowerCase().padStart(digits, "0"))
}

const traceID = id(32)
const spanID = id(16)
/** Microseconds; some writers have fractions of them. */
const time = z
  .number()
  .nonnegative()
  .transform((us) => BigInt(Math.floor(us)) * 1000n)
const tag = z.object({ key: z.string(), type: z.string().default("string"), value: z.unknown() })
const tags = z
  .array(tag)
  .nullish()
  .transform((all) => all ?? [])
const reference = z.object({ refType: z.string().default("CHILD_OF"), traceID, spanID })
const log = z.object({ timestamp: time, fields: tags })
const span = z.object({
  traceID,
  spanID,
  parentSpanID: z.union([z.literal(""), spanID]).nullish(),
  operationName: z.string().default(""),
  references: z.array(reference).nullish(),
  startTime: time,
  duration: time.default(0n),
  tags,
  logs: z.array(log).nullish(),
  processID: z.string().default(""),
  process: z.object({ serviceName: z.string().default(""), tags }).nullish(),
})
const process = z.object({ serviceName: z.string().default(""), tags })
const trace = z.object({ spans: z.array(span), processes: z.record(z.string(), process).default({}) })
type JaegerSpan = z.output<typeof span>

/** Jaeger's answer to a search, or one of its traces alone. */
export const jaegerFile = z
  .union([z.object({ data: z.array(trace) }), trace.transform((one) => ({ data: [one] }))])
  .transform(({ data }) => data.flatMap(spansOf))

/** Tags that stand for fields of OpenTelemetry's. */
const OWN = new Set([
  ...["span.kind", "error", "otel.status_code", "otel.status_description", "w3c.tracestate"],
  ...["otel.scope.name", "otel.scope.version", "otel.library.name", "otel.library.version"],
])

function spansOf({ spans, processes }: z.output<typeof trace>): Span[] {
  const resources = new Map(Object.entries(processes).map(([name, of]) => [name, resourceOf(of)]))
  return spans.map((one) => {
    const own = one.process ? resourceOf(one.process) : resources.get(one.processID)
    return spanOf(one, own ?? resourceOf({ serviceName: "", tags: [] }))
  })
}

function resourceOf(of: z.output<typeof process>): Span["resource"] {
  const name: readonly [string, Value][] = of.serviceName === "" ? [] : [["service.name", of.serviceName]]
  return { ...NONE_DROPPED, attributes: new Attributes([...name, ...of.tags.map(entryOf)]), schemaUrl: "" }
}

const NONE_DROPPED = { droppedAttributes: 0 }

function spanOf(one: JaegerSpan, resource: Span["resource"]): Span {
  const text = (key: string) => {
    const value = one.tags.find((of) => of.key === key)?.value
    return value === undefined || value === null ? "" : String(value)
  }
  const parents = (one.references ?? []).filter(
    ({ refType, traceID: ofTrace }) => refType === "CHILD_OF" && ofTrace === one.traceID,
  )
  const [parent] = parents
  const code = STATUSES.findIndex((word) => word.toUpperCase() === text("otel.status_code"))
  return {
    ...{ traceId: one.traceID, spanId: one.spanID, name: one.operationName, flags: 0 },
    parentId: (parent?.spanID ?? one.parentSpanID ?? "").replace(/^0+$/, ""),
    traceState: text("w3c.tracestate"),
    kind: Math.max(0, [...KINDS].map(String).indexOf(text("span.kind"))),
    startNs: one.startTime,
    endNs: one.startTime + one.duration,
    ...NONE_DROPPED,
    attributes: new Attributes(one.tags.filter(({ key }) => !OWN.has(key)).map(entryOf)),
    events: (one.logs ?? []).map(eventOf),
    droppedEvents: 0,
    links: (one.references ?? []).filter((of) => of !== parent).map(linkOf),
    droppedLinks: 0,
    status: {
      code: code > 0 ? code : text("error") === "true" ? 2 : 0,
      message: text("otel.status_description"),
    },
    resource,
    scope: {
      ...{ ...NONE_DROPPED, attributes: new Attributes([]), schemaUrl: "" },
      name: text("otel.scope.name") || text("otel.library.name"),
      version: text("otel.scope.version") || text("otel.library.version"),
    },
  }
}

function eventOf({ timestamp, fields }: z.output<typeof log>): Span["events"][number] {
  const name = fields.find(({ key }) => key === "event")
  return {
    timeNs: timestamp,
    name: name ? String(name.value) : "log",
    ...NONE_DROPPED,
    attributes: new Attributes(fields.filter((field) => field !== name).map(entryOf)),
  }
}

function linkOf(of: z.output<typeof reference>): SpanLink {
  const none = { traceState: "", flags: 0, attributes: new Attributes([]), ...NONE_DROPPED }
  return { traceId: of.traceID, spanId: of.spanID, ...none }
}

function entryOf({ key, type, value }: z.output<typeof tag>): readonly [string, Value] {
  if (type === "int64" && /^-?\d{1,20}$/.test(String(value))) return [key, BigInt(String(value))]
  if (type === "binary" && typeof value === "string") return [key, fromBase64(value)]
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return [key, value]
  return [key, value === null || value === undefined ? null : JSON.stringify(value)]
}
