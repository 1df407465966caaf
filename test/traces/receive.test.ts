import { randomBytes } from "node:crypto"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import { describe, expect, it } from "vitest"
import { Attributes } from "#server/traces/otlp/span.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { nanoseconds, requestOf } from "./requests.ts"
import { spansByTrace } from "./stored.ts"
import { receiverWorld } from "./world.ts"

function post(url: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/traces`, {
    method: "POST",
    body: typeof body === "string" ? body : new Uint8Array(body),
    headers: { "content-type": "application/x-protobuf", ...headers },
  })
}

describe("spans of a real SDK", () => {
  it("are read back as they were ended", async () => {
    await using world = await receiverWorld()
    const exporter = new OTLPTraceExporter({ url: `${world.url}/v1/traces` })
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": "checkout", "service.version": "1.2.3" }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    })
    const tracer = provider.getTracer("shop", "4.5.6")
    const parent = tracer.startSpan("POST /orders", {
      kind: SpanKind.SERVER,
      attributes: { lines: 3, big: true },
    })
    const child = tracer.startSpan(
      "charge",
      { kind: SpanKind.CLIENT, links: [{ context: parent.spanContext(), attributes: { why: "retry" } }] },
      trace.setSpan(ROOT_CONTEXT, parent),
    )
    child.setAttribute("tags", ["a", "b"])
    child.setAttribute("share", 0.25)
    child.recordException(new Error("no answer"))
    child.setStatus({ code: SpanStatusCode.ERROR, message: "no answer" })
    child.end()
    parent.end()
    await provider.forceFlush()
    const { traceId, spanId } = parent.spanContext()
    const { spans, isCut } = await readTrace(world.store, Buffer.from(traceId, "hex"))
    expect(isCut).toBe(false)
    // By name: the SDK's clock has ms only, so either may be the earlier one.
    const [first, second, ...others] = spans.sort((a, b) => (a.name < b.name ? -1 : 1))
    expect([first?.name, second?.name, others]).toEqual(["POST /orders", "charge", []])
    expect(first).toMatchObject({ traceId, spanId, parentId: "", kind: 2, status: { code: 0 } })
    expect(first?.attributes).toEqual(
      new Attributes([
        ["lines", 3n],
        ["big", true],
      ]),
    )
    expect(first?.resource.attributes.entries).toContainEqual(["service.version", "1.2.3"])
    expect(first?.scope).toMatchObject({ name: "shop", version: "4.5.6" })
    expect(second).toMatchObject({ parentId: spanId, kind: 3, status: { code: 2, message: "no answer" } })
    expect(second?.attributes).toEqual(
      new Attributes([
        ["tags", ["a", "b"]],
        ["share", 0.25],
      ]),
    )
    expect(second?.links).toMatchObject([{ traceId, spanId }])
    expect(second?.events[0]?.attributes.entries).toContainEqual(["exception.message", "no answer"])
    expect(Number((second?.endNs ?? 0n) - (second?.startNs ?? 0n))).toBeGreaterThan(0)
    await provider.shutdown()
  })
})

describe("a request that is sent again", () => {
  it("is stored once, also when two receivers get it at the same time", async () => {
    await using world = await receiverWorld()
    await using other = await receiverWorld({ databaseUrl: world.store.url })
    const traceId = randomBytes(16)
    const body = requestOf(traceId, [{}, {}, {}])
    const answers = await Promise.all([world, other, world, other].map(({ url }) => post(url, body)))
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200])
    expect((await post(world.url, gzipSync(body), { "content-encoding": "gzip" })).status).toBe(200)
    expect([...(await spansByTrace(world.store)).values()]).toEqual([3])
    expect((await readTrace(world.store, traceId)).spans).toHaveLength(3)
  })
})

describe("a request", () => {
  it("comes in protobuf or JSON, plain or compressed", async () => {
    await using world = await receiverWorld()
    const traceId = randomBytes(16)
    const now = nanoseconds(Date.now())
    const span = { traceId: traceId.toString("hex"), startTimeUnixNano: now, endTimeUnixNano: now }
    const json = JSON.stringify({
      resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, spanId: "00f067aa0ba902b7", name: "j" }] }] }],
    })
    const answers = [
      await post(world.url, requestOf(traceId, [{ name: "plain" }])),
      await post(world.url, gzipSync(requestOf(traceId, [{ name: "gzip" }])), { "content-encoding": "gzip" }),
      await post(world.url, zstdCompressSync(requestOf(traceId, [{ name: "zstd" }])), {
        "content-encoding": "zstd",
      }),
    ]
    for (const answer of answers)
      expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, 0])
    const answer = await post(world.url, json, { "content-type": "application/json; charset=utf-8" })
    expect([answer.status, await answer.json()]).toEqual([200, {}])
    const { spans } = await readTrace(world.store, traceId)
    expect(spans.map((one) => one.name).sort()).toEqual(["gzip", "j", "plain", "zstd"])
  })

  it("with spans that cannot be kept is a partial success", async () => {
    await using world = await receiverWorld()
    const traceId = randomBytes(16)
    const body = requestOf(traceId, [{}, { spanId: Buffer.alloc(8) }, { endTimeUnixNano: "0" }])
    const answer = await post(world.url, body)
    expect(answer.status).toBe(200)
    const words = Buffer.from(await answer.arrayBuffer()).toString()
    expect(words).toContain('1 span have a span id of zeros (first: "GET /cart" of cart)')
    expect(words).toContain("1 span have no end time")
    expect((await readTrace(world.store, traceId)).spans).toHaveLength(1)
    expect(world.counts).toMatchObject({ accepted: 1, rejected: 2 })
  })

  it("that is none is refused in words, and the others are not disturbed", async () => {
    await using world = await receiverWorld()
    const traceId = randomBytes(16)
    const whole = requestOf(traceId, [{ name: "a\0b" }], "se\0rvice")
    const bomb = gzipSync(Buffer.alloc(64 << 20))
    const [good, cut, noGzip, large, json, type, encoding] = await Promise.all([
      post(world.url, whole),
      post(world.url, whole.subarray(0, -3)),
      post(world.url, whole, { "content-encoding": "gzip" }),
      post(world.url, bomb, { "content-encoding": "gzip" }),
      post(world.url, '{"resourceSpans":7}', { "content-type": "application/json" }),
      post(world.url, whole, { "content-type": "text/plain" }),
      post(world.url, whole, { "content-encoding": "br" }),
    ])
    expect(good.status).toBe(200)
    expect([cut.status, await cut.text()]).toEqual([
      400,
      expect.stringContaining("Malformed protobuf at byte"),
    ])
    expect([noGzip.status, await noGzip.text()]).toEqual([400, expect.stringContaining("no valid gzip")])
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining("larger than 16 MB")])
    expect([json.status, await json.json()]).toEqual([
      400,
      { code: 3, message: "resourceSpans must be a list." },
    ])
    expect([type.status, encoding.status]).toEqual([415, 415])
    expect((await readTrace(world.store, traceId)).spans.map((one) => one.name)).toEqual(["a\0b"])
    const metrics = await fetch(`${world.url}/v1/metrics`, { method: "POST" })
    expect([metrics.status, await metrics.text()]).toEqual([
      404,
      expect.stringContaining("OTEL_METRICS_EXPORTER"),
    ])
  })

  it("needs a token where there are tokens", async () => {
    await using world = await receiverWorld({ tokens: ["0123456789abcdef", "fedcba9876543210"] })
    const body = requestOf(randomBytes(16), [{}])
    const status = async (authorization?: string) =>
      (await post(world.url, body, authorization ? { authorization } : {})).status
    expect(await status()).toBe(401)
    expect(await status("Bearer 0123456789abcdeX")).toBe(401)
    expect(await status("Bearer fedcba9876543210")).toBe(200)
  })
})

describe("what is kept", () => {
  it("ends after the days, and at the size; what is being written stays", async () => {
    await using world = await receiverWorld({ keep: { days: 3, bytes: 1e12 } })
    const hour = 3_600_000
    const at = (ms: number) => ({ startTimeUnixNano: nanoseconds(ms), endTimeUnixNano: nanoseconds(ms + 1) })
    const now = Date.now()
    const [old, middle, fresh] = [randomBytes(16), randomBytes(16), randomBytes(16)]
    const spanOf = (traceId: Buffer, ms: number) => post(world.url, requestOf(traceId, [at(ms)]))
    await Promise.all([spanOf(old, now - 60 * hour), spanOf(middle, now - 30 * hour), spanOf(fresh, now)])
    const tooOld = await spanOf(randomBytes(16), now - 80 * hour)
    expect(await tooOld.text()).toContain("the oldest time that is kept")
    const there = async () =>
      Promise.all([old, middle, fresh].map(async (id) => (await readTrace(world.store, id)).spans.length))
    expect(await world.receiver.expire(now)).toEqual([])
    expect(await there()).toEqual([1, 1, 1])
    await world.receiver.expire(now + 24 * hour)
    expect(await there()).toEqual([0, 1, 1])
    await using small = await receiverWorld({ databaseUrl: world.store.url, keep: { days: 3, bytes: 0 } })
    await small.receiver.expire(now)
    expect(await there()).toEqual([0, 0, 1])
    // What comes late for a partition that was dropped is stored all the same.
    await spanOf(middle, now - 30 * hour - 1)
    expect(await there()).toEqual([0, 1, 1])
  })
})
