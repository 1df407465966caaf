import { describe, expect, it } from "vitest"
import { isDomainError } from "#server/errors.ts"
import { decodeRequest } from "#server/traces/otlp/decode.ts"
import { fromJson } from "#server/traces/otlp/json.ts"
import { readSpans } from "#server/traces/otlp/read.ts"
import { toTracesData } from "#server/traces/otlp/traces-data.ts"
import { fromZipkin } from "#server/traces/zipkin/from-json.ts"
import { ANY_TIME, CORPUS } from "#test/traces/corpus.ts"
import { forEachMutation, INPUTS, LONG } from "./mutate.ts"

/** What is decoded can be stored and read back, span for span; what is not is refused in a sentence. */
function decodeOrRefuse(toProtobuf: (bytes: Buffer) => Buffer): (bytes: Buffer) => void {
  return (bytes) => {
    try {
      const { resources, spans } = decodeRequest(toProtobuf(bytes), ANY_TIME)
      const stored = toTracesData(resources)
      if (readSpans(stored).length !== spans) throw new Error("what was stored has another number of spans")
      const again = decodeRequest(stored, ANY_TIME)
      if (again.spans !== spans) throw new Error(`of ${spans} spans ${again.spans} are taken again`)
    } catch (error) {
      if (!isDomainError(error)) throw error
    }
  }
}

/** Single spans rather than whole requests: a mutation then hits what is read, and the input is short. */
const seeds = CORPUS.filter((one) => !one.isJson).flatMap(({ bytes }) =>
  decodeRequest(bytes, ANY_TIME).resources.flatMap((resource) =>
    resource.scopes.flatMap((scope) =>
      scope.spans.map((span) =>
        toTracesData([{ ...resource, head: Buffer.alloc(0), scopes: [{ ...scope, spans: [span] }] }]),
      ),
    ),
  ),
)

describe("mutated requests of real SDKs are taken or refused, and never crash", { timeout: LONG }, () => {
  it("in protobuf", () => {
    expect(seeds.length).toBeGreaterThan(50)
    const whole = CORPUS.filter((one) => !one.isJson).map((one) => one.bytes)
    forEachMutation(
      "otlp",
      { seeds: [...seeds, ...whole], count: INPUTS },
      decodeOrRefuse((bytes) => bytes),
    )
  })

  it("in Zipkin's JSON", () => {
    const whole = {
      ...{
        traceId: "463ac35c9f6413ad48485a3953bb6124",
        id: "a2fb4a1d1a96d312",
        parentId: "05e3ac9a4f6e3b90",
      },
      ...{ name: "get /", kind: "CLIENT", timestamp: 1_795_000_000_000_000, duration: 1500, shared: true },
      localEndpoint: { serviceName: "shop", ipv4: "192.0.2.1", port: 80 },
      remoteEndpoint: { serviceName: "db", ipv6: "::1", port: 5432 },
      annotations: [{ timestamp: 1_795_000_000_000_001, value: "cache miss" }],
      tags: { error: "timeout", "http.path": "/" },
    }
    const { traceId, id } = whole
    const seeds = [[whole], [{ traceId, id }], [whole, { traceId, id, timestamp: 1 }]]
    forEachMutation(
      "zipkin json",
      { seeds: seeds.map((spans) => Buffer.from(JSON.stringify(spans))), count: 20_000 },
      decodeOrRefuse((bytes) => fromZipkin(bytes.toString())),
    )
  })

  it("in JSON", () => {
    const json = CORPUS.filter((one) => one.isJson).map((one) => one.bytes)
    const short = json.map((bytes) => {
      const request = JSON.parse(bytes.toString())
      request.resourceSpans[0].resource = {}
      request.resourceSpans[0].scopeSpans = request.resourceSpans[0].scopeSpans.slice(0, 1)
      request.resourceSpans[0].scopeSpans[0].spans.length = 1
      return Buffer.from(JSON.stringify(request))
    })
    forEachMutation(
      "otlp json",
      { seeds: short, count: 20_000 },
      decodeOrRefuse((bytes) => fromJson(bytes.toString())),
    )
  })
})
