import { z } from "zod"
import { KINDS, STATUSES } from "../kinds.ts"
import { Attributes, hexOf, type Span, type Value } from "../otlp/span.ts"
import { fromBase64 } from "./base64.ts"

/** Lists and maps within each other; what is deeper is left out. */
const MAX_DEPTH = 16

/** Hexadecimal as OTLP's JSON has ids, or base64 as protobuf's own has bytes. */
function id(bytes: number, what: string) {
  return z.string().transform((text, ctx) => {
    if (new RegExp(`^[0-9a-f]{${bytes * 2}}$`, "i").test(text)) return text.toLowerCase()
    const decoded = fromBase64(text)
    if (decoded?.length === bytes) return hexOf(decoded)
    ctx.addIssue(`must be ${what} of ${bytes * 2} hexadecimal digits`)
    return z.NEVER
  })
}

const traceId = id(16, "a trace id")
const spanId = id(8, "a span id")
const time = z
  .union([z.string().regex(/^\d{1,20}$/, "must be nanoseconds since the epoch"), z.int().nonnegative()])
  .transform(BigInt)
/** A count or flags; what is odd counts nothing. */
const number = z
  .unknown()
  .optional()
  .transform((given) => {
    const count = Number(given)
    return Number.isSafeInteger(count) && count >= 0 ? count : 0
  })
const word = z.string().default("")
const pair = z.object({ key: word, value: z.unknown() })
const common = {
  attributes: z
    .array(pair)
    .default([])
    .transform((entries) => new Attributes(entries.map(({ key, value }) => [key, readValue(value)]))),
  droppedAttributesCount: number,
}
const event = z.object({ timeUnixNano: time, name: word, ...common })
const link = z.object({ traceId, spanId, traceState: word, flags: number, ...common })
const status = z.object({ code: enumOf("STATUS_CODE_", STATUSES), message: word })
const span = z.object({
  ...{ traceId, spanId, name: word, traceState: word, flags: number, ...common },
  parentSpanId: z.union([z.literal("").transform(() => ""), spanId]).default(""),
  kind: enumOf("SPAN_KIND_", KINDS),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  events: z.array(event).default([]),
  droppedEventsCount: number,
  links: z.array(link).default([]),
  droppedLinksCount: number,
  status: status.default({ code: 0, message: "" }),
})
const scope = z.object({ name: word, version: word, ...common }).prefault({})
const resource = z.object(common).prefault({})
const scopeSpans = z.object({ scope, schemaUrl: word, spans: z.array(span).default([]) })
const resourceSpans = z.object({ resource, schemaUrl: word, scopeSpans: z.array(scopeSpans).default([]) })

/** A TracesData message in JSON; Tempo calls its list `batches`. */
export const otlpFile = z
  .union([
    z.object({ resourceSpans: z.array(resourceSpans) }),
    z.object({ batches: z.array(resourceSpans) }).transform(({ batches }) => ({ resourceSpans: batches })),
  ])
  .transform((file) => file.resourceSpans.flatMap(spansOf))

/** A number, or the name that protobuf's JSON has for it. */
function enumOf(prefix: string, words: readonly string[]) {
  return z
    .union([z.int(), z.string()])
    .default(0)
    .transform((given) => {
      if (typeof given === "number") return given in words ? given : 0
      return Math.max(0, words.indexOf(given.replace(prefix, "").toLowerCase()))
    })
}

function spansOf(group: z.output<typeof resourceSpans>): Span[] {
  const ofResource = { ...commonOf(group.resource), schemaUrl: group.schemaUrl }
  return group.scopeSpans.flatMap(({ scope: own, schemaUrl, spans }) => {
    const ofScope = { ...commonOf(own), name: own.name, version: own.version, schemaUrl }
    return spans.map(
      (one): Span => ({
        ...{ traceId: one.traceId, spanId: one.spanId, parentId: one.parentSpanId.replace(/^0+$/, "") },
        ...{ traceState: one.traceState, flags: one.flags, name: one.name, kind: one.kind, ...commonOf(one) },
        startNs: one.startTimeUnixNano,
        endNs: later(one.startTimeUnixNano, one.endTimeUnixNano),
        events: one.events.map((of) => ({ timeNs: of.timeUnixNano, name: of.name, ...commonOf(of) })),
        droppedEvents: one.droppedEventsCount,
        links: one.links.map((of) => ({
          ...{ traceId: of.traceId, spanId: of.spanId, traceState: of.traceState, flags: of.flags },
          ...commonOf(of),
        })),
        droppedLinks: one.droppedLinksCount,
        status: one.status,
        resource: ofResource,
        scope: ofScope,
      }),
    )
  })
}

function later(one: bigint, other: bigint): bigint {
  if (one > other) return one
  return other
}

function commonOf({
  attributes,
  droppedAttributesCount,
}: {
  attributes: Attributes
  droppedAttributesCount: number
}) {
  return { attributes, droppedAttributes: droppedAttributesCount }
}

const anyValue = z.looseObject({})
const values = z.object({ values: z.array(z.unknown()).default([]) })

/** What cannot be read is null: a value that is odd does not keep the rest from being looked at. */
function readValue(given: unknown, depth = 0): Value {
  const value = anyValue.safeParse(given).data
  if (!value || depth > MAX_DEPTH) return null
  if (typeof value.stringValue === "string") return value.stringValue
  if (typeof value.boolValue === "boolean") return value.boolValue
  if (/^-?\d{1,20}$/.test(String(value.intValue))) return BigInt(String(value.intValue))
  if (value.doubleValue !== undefined) return Number(value.doubleValue)
  if (typeof value.bytesValue === "string") return fromBase64(value.bytesValue)
  const list = values.safeParse(value.arrayValue).data
  if (list) return list.values.map((one) => readValue(one, depth + 1))
  const map = z.object({ values: z.array(pair).default([]) }).safeParse(value.kvlistValue).data
  if (!map) return null
  return new Attributes(map.values.map((one) => [one.key, readValue(one.value, depth + 1)]))
}
