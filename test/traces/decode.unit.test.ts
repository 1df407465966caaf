import { describe, expect, it } from "vitest"
import { decodeRequest } from "#server/traces/otlp/decode.ts"
import { fromJson } from "#server/traces/otlp/json.ts"
import { readSpans } from "#server/traces/otlp/read.ts"
import { Attributes, type Span, type Value } from "#server/traces/otlp/span.ts"
import { toTracesData } from "#server/traces/otlp/traces-data.ts"
import { ANY_TIME, CORPUS } from "./corpus.ts"
import { decodeByLibrary, encodeByLibrary } from "./otlp-schema.ts"

/** What we read, in the form in which protobufjs tells it, so that the two can be compared. */
function spanAsLibrary(span: Span): object {
  const common = (one: { attributes: Attributes; droppedAttributes: number }) => ({
    attributes: entries(one.attributes),
    droppedAttributesCount: one.droppedAttributes,
  })
  return bare({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentId,
    traceState: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startNs),
    endTimeUnixNano: String(span.endNs),
    ...common(span),
    events: span.events.map((event) =>
      bare({ timeUnixNano: String(event.timeNs), name: event.name, ...common(event) }),
    ),
    droppedEventsCount: span.droppedEvents,
    links: span.links.map((link) =>
      bare({
        traceId: link.traceId,
        spanId: link.spanId,
        traceState: link.traceState,
        flags: link.flags,
        ...common(link),
      }),
    ),
    droppedLinksCount: span.droppedLinks,
    status: bare(span.status),
    resource: bare({ ...common(span.resource) }),
    scope: bare({ name: span.scope.name, version: span.scope.version, ...common(span.scope) }),
    urls: [span.resource.schemaUrl, span.scope.schemaUrl],
  })
}

function entries(attributes: Attributes): object[] {
  return attributes.entries.map(([key, value]) => ({ key, value: valueAsLibrary(value) }))
}

function valueAsLibrary(value: Value): object {
  if (value === null) return {}
  if (typeof value === "string") return { stringValue: value }
  if (typeof value === "boolean") return { boolValue: value }
  if (typeof value === "bigint") return { intValue: String(value) }
  if (typeof value === "number") return { doubleValue: value }
  if (value instanceof Attributes) return { kvlistValue: bare({ values: entries(value) }) }
  if (Array.isArray(value)) return { arrayValue: bare({ values: value.map(valueAsLibrary) }) }
  return { bytesValue: Buffer.from(value).toString("hex") }
}

/** Without what has its default: protobuf does not tell the two apart. */
function bare(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== "" && value !== 0 && !(Array.isArray(value) && value.length === 0),
    ),
  )
}

/** The same of what the library read. */
function librarySpans(bytes: Buffer): object[] {
  const request = tidy(decodeByLibrary(bytes)) as {
    resourceSpans?: {
      resource?: object
      schemaUrl?: string
      scopeSpans?: { scope?: object; schemaUrl?: string; spans?: object[] }[]
    }[]
  }
  return (request.resourceSpans ?? []).flatMap((resource) =>
    (resource.scopeSpans ?? []).flatMap((scope) =>
      (scope.spans ?? []).map((span) => ({
        status: {},
        ...span,
        resource: resource.resource ?? {},
        scope: scope.scope ?? {},
        urls: [resource.schemaUrl ?? "", scope.schemaUrl ?? ""],
      })),
    ),
  )
}

/** Bytes as hexadecimal, and without defaults below the values of attributes. */
function tidy(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex")
  if (Array.isArray(value)) return value.map(tidy)
  if (typeof value !== "object" || value === null) return value
  const isValue = Object.keys(value).some((key) => key.endsWith("Value"))
  const fields = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tidy(one)]))
  return isValue ? fields : bare(fields)
}

const protobufOf = (payload: { isJson: boolean; bytes: Buffer }) =>
  payload.isJson ? fromJson(payload.bytes.toString()) : payload.bytes

describe("what real SDKs sent", () => {
  it.each(CORPUS)("$name is read as protobufjs reads it", (payload) => {
    const bytes = protobufOf(payload)
    const spans = readSpans(bytes).map(spanAsLibrary)
    expect(spans.length).toBeGreaterThan(0)
    expect(spans).toEqual(librarySpans(bytes))
  })

  it.each(CORPUS)("$name loses nothing on its way into a chunk", (payload) => {
    const bytes = protobufOf(payload)
    const request = decodeRequest(bytes, ANY_TIME)
    expect(request.rejected.say()).toBe("")
    const stored = Buffer.concat(request.resources.map((resource) => toTracesData([resource])))
    expect(readSpans(stored)).toEqual(readSpans(bytes))
    expect(request.spans).toBe(readSpans(bytes).length)
  })

  it("in JSON is what the library makes of the same JSON", () => {
    for (const payload of CORPUS.filter((one) => one.isJson)) {
      const parsed: unknown = JSON.parse(payload.bytes.toString(), (key, value: unknown) =>
        /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(String(value), "hex") : value,
      )
      const library = encodeByLibrary(parsed as object)
      expect(readSpans(fromJson(payload.bytes.toString()))).toEqual(readSpans(library))
    }
  })
})

const TRACE = Buffer.from("5b8efff798038103d269b633813fc60c", "hex")
const SPAN = Buffer.from("eee19b7ec3c1b174", "hex")
const NOW = Date.UTC(2026, 10, 27)
const PERIOD = { from: NOW - 86_400_000, to: NOW + 3_600_000 }
const nanoseconds = (ms: number) => `${ms}000000`

/** A request with one span of the service "cart", changed as wanted. */
function requestOf(...changes: object[]): Buffer {
  const spans = changes.map((change) => ({
    traceId: TRACE,
    spanId: SPAN,
    name: "GET /cart",
    kind: 2,
    startTimeUnixNano: nanoseconds(NOW),
    endTimeUnixNano: nanoseconds(NOW + 5),
    ...change,
  }))
  const attributes = [{ key: "service.name", value: { stringValue: "cart" } }]
  return encodeByLibrary({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] })
}

const read = (body: Buffer) => decodeRequest(body, PERIOD)

describe("a span that cannot be kept", () => {
  it.each([
    ["a trace id of zeros", { traceId: Buffer.alloc(16) }, "have a trace id of zeros"],
    ["a short trace id", { traceId: TRACE.subarray(8) }, "have a trace id of 8 bytes; it must have 16"],
    ["no span id", { spanId: Buffer.alloc(0) }, "have a span id of 0 bytes"],
    ["a span id of zeros", { spanId: Buffer.alloc(8) }, "have a span id of zeros"],
    ["half a parent", { parentSpanId: SPAN.subarray(4) }, "have a parent span id of 4 bytes"],
    ["no start", { startTimeUnixNano: "0" }, "have no start time"],
    ["no end", { endTimeUnixNano: "0" }, "have no end time"],
    ["1970", { startTimeUnixNano: "1000" }, "start before 2026-11-26T00:00:00.000Z"],
    ["tomorrow", { startTimeUnixNano: nanoseconds(NOW + 86_400_000) }, "start in the future"],
    ["the end first", { endTimeUnixNano: nanoseconds(NOW - 1) }, "end before they start"],
    ["a year", { endTimeUnixNano: nanoseconds(NOW + 31_536_000_000) }, "last longer than 30 days"],
  ])("is named, and the others are kept: %s", (_, change, words) => {
    const { spans, rejected } = read(requestOf(change, {}))
    expect(spans).toBe(1)
    expect(rejected.count).toBe(1)
    expect(rejected.say()).toContain(`1 span ${words}`)
    expect(rejected.say()).toContain('(first: "GET /cart" of cart)')
  })

  it("makes no difference to a root whose parent id is zeros", () => {
    const [resource] = read(requestOf({ parentSpanId: Buffer.alloc(8) })).resources
    expect(resource?.scopes[0]?.spans[0]?.isRoot).toBe(true)
  })
})

describe("a request that is no protobuf", () => {
  it.each([
    [
      "cut short",
      requestOf({}).subarray(0, 90),
      /Malformed protobuf at byte \d+: a field of \d+ bytes begins/,
    ],
    [
      "another wire type",
      Buffer.from("08ff01", "hex"),
      /resource spans \(field 1\) has wire type 0; it must have/,
    ],
    ["field 0", Buffer.from("0000", "hex"), /0 is not a field number/],
    ["an endless number", Buffer.alloc(12, 0xff), /more than ten bytes/],
    ["a group", Buffer.from("0b0c", "hex"), /wire type 3/],
    ["words", Buffer.from("hello"), /Malformed protobuf/],
  ])("is refused with the place: %s", (_, body, words) => {
    expect(() => read(body)).toThrow(words)
  })

  it.each([
    ["not JSON", "{", /Malformed JSON/],
    ["a list", "[]", /The body must be an object/],
    ["no list of spans", '{"resourceSpans":{}}', /resourceSpans must be a list/],
    [
      "a time in words",
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"now"}]}]}]}',
      /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.startTimeUnixNano must be a whole number/,
    ],
  ])("nor the JSON of one: %s", (_, body, words) => {
    expect(() => fromJson(body)).toThrow(words)
  })
})

describe("what is larger than the limits", () => {
  const attribute = (key: string, value: object = { stringValue: "v" }) => ({ key, value })
  const kept = (change: object) => {
    const { resources, cuts, rejected } = read(requestOf(change))
    expect(rejected.count).toBe(0)
    const [span] = readSpans(toTracesData(resources))
    const mark = span?.attributes.entries.find(([key]) => key === "signalbox.cut")?.[1]
    return { span, cuts, mark }
  }

  it("is kept up to them: attributes", () => {
    const many = Array.from({ length: 300 }, (_, i) => attribute(`k${i}`))
    const { span, cuts, mark } = kept({ attributes: many, droppedAttributesCount: 2 })
    expect(span?.attributes.entries).toHaveLength(256 + 1)
    expect(span?.droppedAttributes).toBe(2 + 44)
    expect(cuts.attributes).toBe(44)
    expect(mark).toBe("44 attributes dropped")
  })

  it("a text of 10 MB, never within a character", () => {
    const { span, cuts, mark } = kept({
      attributes: [attribute("long", { stringValue: `a${"ä".repeat(5_000_000)}` }), attribute("short")],
    })
    const [, long] = span?.attributes.entries[0] ?? []
    expect(String(long)).toMatch(/^aä+$/)
    expect(Buffer.byteLength(String(long))).toBe(65_535)
    expect(span?.attributes.entries[1]).toEqual(["short", "v"])
    expect(cuts.values).toBe(1)
    expect(mark).toBe("1 value shortened")
  })

  it("1,000 levels of lists, keys of 2,000 bytes, events and links", () => {
    let deep: object = { stringValue: "x" }
    for (let i = 0; i < 1000; i++) deep = { arrayValue: { values: [deep] } }
    const json = JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: TRACE.toString("hex"),
                  spanId: SPAN.toString("hex"),
                  startTimeUnixNano: nanoseconds(NOW),
                  endTimeUnixNano: nanoseconds(NOW),
                  attributes: [attribute("deep", deep), attribute("k".repeat(2000)), attribute("ok")],
                  events: Array.from({ length: 1100 }, (_, i) => ({ name: `e${i}` })),
                  links: Array.from({ length: 1100 }, () => ({ traceId: TRACE.toString("hex") })),
                },
              ],
            },
          ],
        },
      ],
    })
    const { resources, cuts } = read(fromJson(json))
    expect(cuts).toEqual({ attributes: 2, values: 0, events: 76, links: 76 })
    const [span] = readSpans(toTracesData(resources))
    expect(span?.attributes.entries.map(([key]) => key)).toEqual(["ok", "signalbox.cut"])
    expect([span?.events.length, span?.droppedEvents]).toEqual([1024, 76])
    expect([span?.links.length, span?.droppedLinks]).toEqual([1024, 76])
  })

  it("keeps doubled keys and broken UTF-8 as they are", () => {
    const twice = [attribute("k"), attribute("k", { intValue: "-7" }), attribute("bad", { stringValue: "?" })]
    const body = requestOf({ attributes: twice })
    body[body.lastIndexOf("?")] = 0xff
    const [resource] = read(body).resources
    const [span] = readSpans(toTracesData(resource ? [resource] : []))
    expect(span?.attributes.entries).toEqual([
      ["k", "v"],
      ["k", -7n],
      ["bad", "\ufffd"],
    ])
  })
})
