import { readFileSync } from "node:fs"
import path from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readTraceFile } from "#server/traces/files/read-file.ts"
import { toJaegerJson } from "#server/traces/files/to-jaeger.ts"
import { toOtlpJson } from "#server/traces/files/to-otlp.ts"
import { Attributes, type Span, type Value } from "#server/traces/otlp/span.ts"
import { spanDetail, spanView } from "#server/traces/view/span-view.ts"

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: digits - 1, maxLength: digits - 1 })
    .map((all) => `1${all.join("")}`)

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    ...[fc.string(), fc.boolean(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    ...[
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
      fc.constant(null),
    ],
    ...[fc.uint8Array({ maxLength: 5 }), fc.array(tie("value"), { maxLength: 3 })],
    fc.array(fc.tuple(fc.string(), tie("value")), { maxLength: 3 }).map((entries) => new Attributes(entries)),
  ),
}))
const attributes = fc
  .array(fc.tuple(fc.string(), value), { maxLength: 4 })
  .map((entries) => new Attributes(entries))
const common = { attributes, droppedAttributes: fc.nat(9) }
/** Within an hour, so that differences are exact as numbers. */
const time = fc.bigInt({ min: 1_700_000_000_000_000_000n, max: 1_700_003_600_000_000_000n })
const word = fc.string({ maxLength: 8 })
const group = fc.record({
  resource: fc.record({ ...common, schemaUrl: word }),
  scope: fc.record({ ...common, schemaUrl: word, name: word, version: word }),
})
const spanOf = fc.record({
  ...{ spanId: hex(16), parentId: fc.oneof(fc.constant(""), hex(16)), traceState: word, flags: fc.nat(255) },
  ...{ name: word, kind: fc.integer({ min: 0, max: 5 }), startNs: time, endNs: time, ...common },
  events: fc.array(fc.record({ timeNs: time, name: word, ...common }), { maxLength: 2 }),
  links: fc.array(
    fc.record({ traceId: hex(32), spanId: hex(16), traceState: word, flags: fc.nat(9), ...common }),
    {
      maxLength: 2,
    },
  ),
  ...{ droppedEvents: fc.nat(9), droppedLinks: fc.nat(9) },
  status: fc.record({ code: fc.integer({ min: 0, max: 2 }), message: word }),
})
/** Spans of one trace, with ids of their own. */
const spans = fc
  .tuple(fc.uniqueArray(spanOf, { selector: ({ spanId }) => spanId, minLength: 1, maxLength: 5 }), group)
  .map(([all, of]) =>
    all.map((one): Span => {
      const [startNs, endNs] = one.startNs < one.endNs ? [one.startNs, one.endNs] : [one.endNs, one.startNs]
      return { ...one, ...of, startNs, endNs, traceId: "a".repeat(32) }
    }),
  )

const byId = (a: { spanId: string }, b: { spanId: string }) => (a.spanId < b.spanId ? -1 : 1)

describe("a trace that is downloaded as OTLP", () => {
  it("is read as it was, whatever it has", () => {
    fc.assert(
      fc.property(spans, (all) => {
        const [found] = readTraceFile(JSON.stringify(toOtlpJson(all)))
        const zeroNs = BigInt(found?.trace.zeroNs ?? 0)
        const views = all.map((one) => spanView(one, zeroNs)).sort(byId)
        expect(found?.trace.spans.toSorted(byId)).toEqual(views)
        expect(views.map((one) => found?.detail(one))).toEqual(all.toSorted(byId).map(spanDetail))
      }),
    )
  })
})

describe("a trace that is downloaded as Jaeger's JSON", () => {
  it("is read to the microsecond, with what Jaeger has tags for", () => {
    fc.assert(
      fc.property(spans, (all) => {
        const [found] = readTraceFile(JSON.stringify(toJaegerJson(all)))
        const seen = found?.trace.spans.toSorted(byId) ?? []
        expect(
          seen.map(({ spanId, parentId, name, kind, isError, service }) => ({
            spanId,
            parentId,
            name,
            kind,
            isError,
            service,
          })),
        ).toEqual(
          all.toSorted(byId).map((one) => {
            const { spanId, parentId, name, kind, isError, service } = spanView(one, 0n)
            return { spanId, parentId, name, kind, isError, service }
          }),
        )
        for (const [i, one] of all.toSorted(byId).entries()) {
          const view = seen[i]
          if (!view) throw new Error("A span is missing.")
          expect(Math.abs(view.endNs - view.startNs - Number(one.endNs - one.startNs))).toBeLessThan(1001)
          expect(view.links).toEqual(one.links.map(({ traceId, spanId }) => ({ traceId, spanId })))
        }
      }),
    )
  })
})

describe("a file from elsewhere", () => {
  it("may be what a Collector writes, a message a line", () => {
    const folder = path.resolve(import.meta.dirname, "corpus")
    const text = ["node-json.traces.http.1.json", "node-json.traces.http.2.json"]
      .map((name) => JSON.stringify(JSON.parse(readFileSync(path.join(folder, name), "utf8"))))
      .join("\n")
    const traces = readTraceFile(text)
    expect(traces.length).toBeGreaterThan(0)
    expect(traces[0]?.trace.spans.length).toBeGreaterThan(1)
  })

  it("may have base64 ids and names of kinds, as Tempo answers", () => {
    const [found] = readTraceFile(
      JSON.stringify({
        batches: [
          {
            resource: { attributes: [{ key: "service.name", value: { stringValue: "cart" } }] },
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: Buffer.from("a".repeat(32), "hex").toString("base64"),
                    spanId: Buffer.from("b".repeat(16), "hex").toString("base64"),
                    ...{ name: "GET /", kind: "SPAN_KIND_SERVER", status: { code: "STATUS_CODE_ERROR" } },
                    ...{ startTimeUnixNano: "1700000000000000000", endTimeUnixNano: "1700000000000000500" },
                  },
                ],
              },
            ],
          },
        ],
      }),
    )
    expect(found?.trace).toMatchObject({ traceId: "a".repeat(32), errors: 1, services: ["cart"] })
    expect(found?.trace.spans[0]).toMatchObject({ spanId: "b".repeat(16), kind: 2, endNs: 500 })
  })

  const jaeger = (span: object) => JSON.stringify({ data: [{ spans: [span] }] })
  it.each([
    ["", "The file is not JSON"],
    ["{}\n{", "Line 2 of the file is not JSON."],
    ["[1, 2]", "The file is neither OTLP JSON, which has resourceSpans, nor Jaeger JSON"],
    ['{"resourceSpans": []}', "The file has no spans."],
    [
      '{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "x"}]}]}]}',
      "resourceSpans[0].scopeSpans[0].spans[0].traceId: must be a trace id of 32 hexadecimal digits.",
    ],
    [
      jaeger({ traceID: "a", spanID: "zz", startTime: 1 }),
      "data[0].spans[0].spanID: must be up to 16 hexadecimal",
    ],
    [jaeger({ traceID: "a", spanID: "b" }), "data[0].spans[0].startTime: "],
  ])("%s is refused: %s", (text, why) => {
    expect(() => readTraceFile(text)).toThrow(why)
  })

  it("is refused in words, or read, whatever it is", () => {
    const base = JSON.parse(jaeger({ traceID: "a", spanID: "b", startTime: 1, duration: 2, tags: [] }))
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("data", "resourceSpans", "batches", "spans"),
        (json, key) => {
          try {
            readTraceFile(JSON.stringify({ ...base, [key]: json }))
          } catch (error) {
            expect(error).toMatchObject({ code: "bad_input" })
          }
        },
      ),
    )
    const deep = `{"data": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`
    expect(() => readTraceFile(deep)).toThrow("The file")
  })
})
