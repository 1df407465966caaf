import { randomBytes } from "node:crypto"
import { expect, it } from "vitest"
import { operationCalls } from "#server/traces/queries/operation-calls.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { receiverWorld } from "./world.ts"

it("takes Zipkin's spans: services, kinds, tags, annotations, errors and short ids", async () => {
  await using world = await receiverWorld({ zipkin: true })
  const now = Date.now()
  const [traceId, short] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")]
  const at = now * 1000
  const spans = [
    {
      ...{ traceId, id: "1", name: "get /cart", kind: "SERVER", timestamp: at, duration: 1500 },
      localEndpoint: { serviceName: "cart", ipv4: "192.0.2.7" },
      annotations: [{ timestamp: at + 10, value: "cache miss" }],
      tags: { "http.path": "/cart", error: "out of memory" },
    },
    {
      ...{ traceId, id: "00000000000000a2", parentId: "1", name: "select", kind: "CLIENT", timestamp: at },
      ...{ duration: 900, localEndpoint: { serviceName: "cart" } },
      remoteEndpoint: { serviceName: "mysql", ipv4: "192.0.2.9", port: 3306 },
    },
    { traceId: short, id: "b3", timestamp: at, localEndpoint: { serviceName: "mail" } },
    { traceId, id: "0", timestamp: at },
  ]
  const post = (body: string, more: RequestInit = {}, path = "/api/v2/spans") =>
    fetch(world.url + path, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
      ...more,
    })
  const answer = await post(JSON.stringify(spans))
  expect([answer.status, await answer.text()]).toEqual([202, expect.stringContaining("span id of zeros")])
  // Sent again, it is known.
  expect((await post(JSON.stringify(spans))).status).toBe(202)
  const { spans: stored } = await readTrace(world.store, Buffer.from(traceId, "hex"))
  const [server, client, ...others] = stored.sort((a, b) => a.kind - b.kind)
  expect(others).toEqual([])
  expect(server).toMatchObject({
    ...{
      spanId: "0000000000000001",
      name: "get /cart",
      kind: 2,
      status: { code: 2, message: "out of memory" },
    },
    events: [{ name: "cache miss", timeNs: BigInt(at + 10) * 1000n }],
  })
  expect(server?.attributes.entries).toContainEqual(["http.path", "/cart"])
  expect(server?.resource.attributes.entries).toEqual([["service.name", "cart"]])
  expect(client).toMatchObject({ parentId: "0000000000000001", kind: 3 })
  expect(client?.attributes.entries).toContainEqual(["peer.service", "mysql"])
  expect((await readTrace(world.store, Buffer.from(short.padStart(32, "0"), "hex"))).spans).toHaveLength(1)
  const calls = await operationCalls(world.store, { from: now - 60_000, to: now + 60_000 })
  expect(calls.find((one) => one.operation === "get /cart")).toMatchObject({
    service: "cart",
    calls: 1,
    errors: 1,
  })
  const wrong = await post('[{"traceId":"xyz","id":"1"}]')
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("spans[0].traceId")])
  expect((await post("[]", {}, "/api/v1/spans")).status).toBe(404)
  expect((await post("[]", { headers: { "content-type": "application/x-thrift" } })).status).toBe(415)
  expect((await post("[]")).status).toBe(202)
})
