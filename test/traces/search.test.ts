import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { search, searchInput } from "#server/traces/index.ts"
import { searchAll } from "#server/traces/search/stream.ts"
import { suggestKeys, suggestValues } from "#server/traces/search/suggest.ts"
import { seededRandom } from "#test/random.ts"
import { requestOf } from "./requests.ts"
import { type ReceiverWorld, receiverWorld } from "./world.ts"

const SECOND = 1000
const HOUR = 3_600_000
/** Spans of the past three hours: orders of a shop, every second one. */
const ORDERS = 600

let world: ReceiverWorld
let now: number
const from = () => now - 3 * HOUR
const ns = (ms: number) => `${Math.floor(ms)}000000`

interface Made {
  traceId: Buffer
  service: string
  span: { [field: string]: unknown; name: string; from: number; ms: number }
}
const made: Made[] = []

const value = (one: string | number | boolean) =>
  typeof one === "string"
    ? { stringValue: one }
    : typeof one === "boolean"
      ? { boolValue: one }
      : { intValue: String(one) }
const attributes = (all: Record<string, string | number | boolean>) =>
  Object.entries(all).map(([key, one]) => ({ key, value: value(one) }))

/** An order: gateway → payment; every tenth fails, the message is named by the oldest conventions in each third. */
function order(i: number, random: () => number): void {
  const traceId = randomBytes(16)
  const [root, charge] = [randomBytes(8), randomBytes(8)]
  const at = from() + (i * 3 * HOUR) / ORDERS
  const failed = i % 10 === 0
  const add = (service: string, span: Made["span"]) => made.push({ traceId, service, span })
  add("gateway", {
    ...{ spanId: root, name: "POST /orders", kind: 2, from: at, ms: 100 + Math.floor(random() * 900) },
    attributes: attributes({
      "http.request.method": "POST",
      "http.response.status_code": failed ? 502 : 201,
      "order.id": `order-${i}`,
    }),
  })
  add("payment", {
    ...{
      spanId: charge,
      parentSpanId: root,
      name: "shop.Payment/Charge",
      kind: 2,
      from: at + 5,
      ms: i % 50 === 0 ? 2000 + i : 20,
    },
    status: failed ? { code: 2, message: "card declined" } : {},
    attributes: attributes({
      "rpc.system": "grpc",
      "rpc.grpc.status_code": failed ? 4 : 0,
      vip: i % 7 === 0,
    }),
  })
  const [partition, offset] = [i % 3, 1000 + i]
  const names: Record<string, string | number> =
    i % 3 === 0
      ? {
          "messaging.destination": "orders",
          "messaging.kafka.partition": partition,
          "messaging.kafka.message.offset": offset,
        }
      : {
          "messaging.destination.name": "orders",
          "messaging.destination.partition.id": String(partition),
          "messaging.kafka.offset": offset,
          "messaging.consumer.group.name": "shipping",
        }
  add("shipping", {
    ...{
      spanId: randomBytes(8),
      parentSpanId: charge,
      name: "process orders",
      kind: 5,
      from: at + 50,
      ms: 5,
    },
    attributes: attributes({ "messaging.system": "kafka", ...names }),
  })
}

beforeAll(async () => {
  world = await receiverWorld()
  now = Math.floor(Date.now() / SECOND) * SECOND
  const random = seededRandom("search")
  for (let i = 0; i < ORDERS; i++) order(i, random)
  // As exporters do: spans of one service together.
  const requests = [...Map.groupBy(made, (one) => one.service)].flatMap(([service, all]) =>
    Array.from({ length: Math.ceil(all.length / 40) }, (_, i) =>
      requestOf(
        Buffer.alloc(0),
        all.slice(i * 40, i * 40 + 40).map(({ traceId, span: { from: at, ms, ...span } }) => ({
          ...{ ...span, traceId, startTimeUnixNano: ns(at), endTimeUnixNano: ns(at + ms) },
        })),
        service,
      ),
    ),
  )
  for (let i = 0; i < requests.length; i += 8)
    await Promise.all(requests.slice(i, i + 8).map((body) => world.receiver.receive(body)))
}, 240_000)
afterAll(() => world[Symbol.asyncDispose]())

const ask = (q: string, more: object = {}) =>
  search(world, searchInput.parse({ q, from: from(), to: now + HOUR, limit: 500, ...more }))
/** How many there are, however many pieces a busy machine needs. */
const count = async (q: string, more: object = {}) => {
  let hits = 0
  let cursor: string | undefined
  for (;;) {
    const found = await ask(q, { cursor, ...more })
    hits += found.hits.length
    if (found.next === null) return hits
    cursor = found.next
  }
}
const expected = (matches: (one: Made, i: number) => boolean) => made.filter(matches).length

describe("a search", () => {
  it("finds by service, operation, status, duration, kind and time", async () => {
    const slow = (one: Made) => one.service === "payment" && one.span.ms > 1000
    expect(await count('{ resource.service.name = "payment" && duration > 1s }')).toBe(expected(slow))
    expect(await count('{ name = "POST /orders" && status = error }')).toBe(0)
    expect(await count("{ status = error }")).toBe(ORDERS / 10)
    expect(await count('{ kind = consumer && resource.service.name != "shipping" }')).toBe(0)
    expect(await count('{ resource.service.name =~ "pay.*" && status = error && .vip = true }')).toBe(9)
    expect(await count("{ kind = consumer }", { from: now - HOUR, to: now + HOUR })).toBe(
      expected(({ service, span }) => service === "shipping" && span.from >= now - HOUR),
    )
    expect(await count("{ nestedSetParent < 0 && status = error }")).toBe(0)
    expect(await count('{ resource.service.name = "nobody" }')).toBe(0)
  })

  it("finds by any attribute: equal, other, there, not there, contained, larger", async () => {
    expect(await count('{ .order.id = "order-77" }')).toBe(1)
    expect(await count('{ span.order.id =~ ".*-7." }')).toBe(10)
    expect(await count("{ span.http.response.status_code >= 500 }")).toBe(ORDERS / 10)
    expect(await count("{ span.http.response.status_code = 502 }")).toBe(ORDERS / 10)
    // An attribute that is not there is not another one.
    expect(await count("{ span.http.response.status_code != 201 }")).toBe(ORDERS / 10)
    expect(await count('{ resource.service.name = "payment" && span.vip != nil && status = error }')).toBe(60)
    expect(await count('{ resource.service.name = "payment" && span.vip = nil }')).toBe(0)
    expect(await count('{ resource.order.id = "order-77" }')).toBe(0)
    expect(await count('{ !(.order.id = "order-77") && .order.id =~ "order-7." }')).toBe(9)
    expect(await count("{ .order.id = `order-5` || .order.id = `order-6` }")).toBe(2)
  })

  it("knows the names of all generations", async () => {
    const third = ORDERS / 3
    expect(
      await count(
        '{ span.messaging.destination.name = "orders" && span.messaging.destination.partition.id = "0" }',
      ),
    ).toBe(third)
    expect(await count("{ span.messaging.kafka.offset = 1003 }")).toBe(1)
    expect(await count("{ span.messaging.kafka.offset = 1004 }")).toBe(1)
    expect(await count('{ span.rpc.status_code = "DEADLINE_EXCEEDED" }')).toBe(ORDERS / 10)
    expect(await count('{ span.rpc.system.name = "grpc" && status = error }')).toBe(ORDERS / 10)
    expect(await count('{ span.messaging.consumer.group.name = "shipping" && duration > 1ms }')).toBe(
      2 * third,
    )
  })

  it("finds free text, and a trace by its id", async () => {
    expect(await count("", { text: "CARD DECLINED" })).toBe(ORDERS / 10)
    expect(await count("{ kind = server }", { text: "order-123" })).toBe(1)
    const id = made[0]?.traceId.toString("hex") ?? ""
    expect(await count("", { text: id })).toBe(3)
    expect(await count(`{ trace:id = "${id}" && kind = consumer }`)).toBe(1)
  })

  it("pages through everything once, newest first and slowest first", async () => {
    for (const order of ["newest", "slowest"] as const) {
      const seen: string[] = []
      const values: number[] = []
      let cursor: string | undefined
      for (let page = 0; page < 1000; page++) {
        const { hits, next } = await ask("{ kind = server }", { order, limit: 37, cursor })
        seen.push(...hits.map((hit) => hit.spanId))
        values.push(...hits.map((hit) => (order === "newest" ? hit.startMs : hit.durationMs)))
        if (next === null) break
        cursor = next
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength(2 * ORDERS)
      expect(values).toEqual([...values].sort((a, b) => b - a))
    }
  })

  it("comes piece by piece with how far it is", async () => {
    const input = searchInput.parse({ q: "{ .order.id != nil }", from: from(), to: now + HOUR, limit: 30 })
    const hits: string[] = []
    let last = null
    for await (const piece of searchAll(world, input, new AbortController().signal)) {
      hits.push(...piece.hits.map((hit) => hit.spanId))
      last = piece
    }
    expect(new Set(hits).size).toBe(30)
    expect(last?.spans).toBeGreaterThan(0)
    expect(last?.total).toBeGreaterThanOrEqual(last?.spans ?? 0)
  })

  it("tells what a query names, and what the span is about", async () => {
    const { hits } = await ask('{ .order.id = "order-77" && .http.request.method = "POST" }')
    expect(hits).toMatchObject([
      { service: "gateway", name: "POST /orders", kind: 2, isRoot: true, system: "http", message: null },
    ])
    expect(hits[0]?.attributes).toEqual([
      { key: "http.request.method", value: "POST" },
      { key: "order.id", value: "order-77" },
    ])
    const messages = await ask("{ span.messaging.kafka.offset = 1003 }")
    expect(messages.hits[0]?.message).toEqual({
      ...{ system: "kafka", destination: "orders", operation: "receive" },
      ...{ group: null, partition: "0", offset: "1003" },
    })
  })

  it("refuses a query, a cursor and a range that are none", async () => {
    await expect(ask("{ duration > 5 }")).rejects.toThrow("a duration needs a unit")
    await expect(ask("{}", { cursor: "nonsense" })).rejects.toThrow("cursor")
    await expect(ask("{}", { to: from() })).rejects.toThrow("range")
  })
})

describe("what is offered while a query is written", () => {
  it("are keys that services have sent, and values of the newest spans", async () => {
    const keys = await suggestKeys(world, { service: "", search: "order" })
    expect(keys).toEqual([{ field: "span.order.id", scope: "span", services: 1 }])
    const ofPayment = await suggestKeys(world, { service: "payment", search: "" })
    expect(ofPayment.map((one) => one.field).sort()).toEqual([
      "resource.service.name",
      "span.rpc.grpc.status_code",
      "span.rpc.system",
      "span.vip",
    ])
    const range = { from: from(), to: now + HOUR, service: "", search: "" }
    const { values } = await suggestValues(world, { ...range, field: "span.http.response.status_code" })
    expect(values.map((one) => one.value)).toEqual(["201", "502"])
    const names = await suggestValues(world, { ...range, field: "name", search: "ch" })
    expect(names.values).toMatchObject([{ value: "shop.Payment/Charge" }])
    const services = await suggestValues(world, { ...range, field: "resource.service.name" })
    expect(services.values.map((one) => one.value)).toEqual(["gateway", "payment", "shipping"])
    expect((await suggestValues(world, { ...range, field: "status" })).values).toHaveLength(3)
    await expect(suggestValues(world, { ...range, field: "nonsense" })).rejects.toThrow("is no field")
  })
})
