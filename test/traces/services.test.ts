import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createLogger } from "#server/log.ts"
import { foldCounts } from "#server/traces/calls/fold.ts"
import { digestMinute } from "#server/traces/digest/digest.ts"
import { Receiver } from "#server/traces/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"
import { encodeByLibrary } from "./otlp-schema.ts"

const MINUTE = 60_000
const ORDERS = 200

let world: Awaited<ReturnType<typeof webWorld>>
let viewer: ReturnType<typeof createCaller>
let admin: ReturnType<typeof createCaller>
/** The minute of the first orders; those of a new version come two minutes later. */
let minute: number
const range = () => ({ from: minute, to: minute + 5 * MINUTE })

type Values = Record<string, string | number>
const attributes = (all: Values) =>
  Object.entries(all).map(([key, one]) => ({
    key,
    value: typeof one === "string" ? { stringValue: one } : { intValue: String(one) },
  }))
const ns = (ms: number) => String(BigInt(Math.floor(ms * 1000)) * 1000n)

interface Spec {
  service: string
  instance?: string
  version?: string
  name: string
  kind: number
  parent?: Buffer
  at: number
  ms: number
  attributes?: Values
  failed?: { type: string; message: string }
}

const spans: { spec: Spec; traceId: Buffer; spanId: Buffer }[] = []

/**
 * An order: gateway → orders → payment by gRPC, with two queries; every tenth call of payment runs into its deadline and is
 * made again; shipping gets the message, and every fiftieth twice.
 */
function order(i: number, at: number, version: string): void {
  const traceId = randomBytes(16)
  const add = (spec: Omit<Spec, "at"> & { after: number }): Buffer => {
    const spanId = randomBytes(8)
    spans.push({ spec: { ...spec, at: at + spec.after }, traceId, spanId })
    return spanId
  }
  const http = { "http.request.method": "POST", "server.address": "shop" }
  const grpc = {
    "rpc.system": "grpc",
    "rpc.service": "Payment",
    "server.address": "payment",
    "server.port": 50051,
  }
  const root = add({ service: "gateway", name: "POST /orders", kind: 2, after: 0, ms: 100, attributes: http })
  const call = add({
    service: "gateway",
    name: "Orders/Place",
    kind: 3,
    after: 1,
    ms: 98,
    parent: root,
    attributes: { ...grpc, "server.address": "orders" },
  })
  const place = add({
    service: "orders",
    version,
    instance: `orders-${i % 4 === 0 ? "b" : "a"}`,
    name: "Orders/Place",
    kind: 2,
    after: 2,
    ms: 90,
    parent: call,
    attributes: { "rpc.system": "grpc" },
  })
  for (const query of [0, 1])
    add({
      service: "orders",
      version,
      name: "SELECT cart",
      kind: 3,
      after: 3 + query,
      ms: 1,
      parent: place,
      attributes: { "db.system": "postgresql", "db.name": "shop", "server.address": "db" },
    })
  const slow = i % 10 === 0
  const failed = { type: "StatusError", message: `card ${i} was not charged within 50 ms` }
  for (const turn of slow ? [0, 1] : [1]) {
    const fails = turn === 0
    const charge = add({
      ...{
        service: "orders",
        version,
        name: "Payment/Charge",
        kind: 3,
        after: 10 + turn * 30,
        ms: 20,
        parent: place,
      },
      attributes: { ...grpc, "rpc.grpc.status_code": fails ? 4 : 0 },
      ...(fails ? { failed } : {}),
    })
    add({
      service: "payment",
      name: "Payment/Charge",
      kind: 2,
      after: 11 + turn * 30,
      ms: fails ? 60 : 10,
      parent: charge,
      attributes: { "rpc.system": "grpc" },
      ...(fails ? { failed } : {}),
    })
  }
  const kafka = {
    "messaging.system": "kafka",
    "messaging.destination.name": "orders",
    "messaging.destination.partition.id": String(i % 3),
    "messaging.kafka.offset": i,
  }
  const send = add({
    service: "orders",
    version,
    name: "send orders",
    kind: 4,
    after: 70,
    ms: 2,
    parent: place,
    attributes: { ...kafka, "messaging.operation.type": "send" },
  })
  for (let turn = 0; turn < (i % 50 === 0 ? 2 : 1); turn++)
    add({
      service: "shipping",
      name: "process orders",
      kind: 5,
      after: 80 + turn * 500,
      ms: 5,
      parent: send,
      attributes: {
        ...kafka,
        "messaging.operation": "process",
        "messaging.kafka.consumer.group": "shipping",
      },
    })
}

function requests(): Buffer[] {
  const groups = Map.groupBy(spans, ({ spec }) => [spec.service, spec.version, spec.instance].join(" "))
  return [...groups.values()].flatMap((all) =>
    Array.from({ length: Math.ceil(all.length / 400) }, (_, i) => {
      const some = all.slice(i * 400, i * 400 + 400)
      const { service, version, instance } = some[0]?.spec ?? { service: "" }
      const resource: Values = { "service.name": service }
      if (version !== undefined) resource["service.version"] = version
      if (instance !== undefined)
        Object.assign(resource, { "service.instance.id": instance, "host.name": `host-${instance}` })
      const encoded = some.map(({ spec, traceId, spanId }) => ({
        ...{ traceId, spanId, parentSpanId: spec.parent, name: spec.name, kind: spec.kind },
        ...{ startTimeUnixNano: ns(spec.at), endTimeUnixNano: ns(spec.at + spec.ms) },
        attributes: attributes(spec.attributes ?? {}),
        ...(spec.failed
          ? {
              status: { code: 2, message: spec.failed.message },
              events: [
                {
                  ...{ timeUnixNano: ns(spec.at), name: "exception" },
                  attributes: attributes({
                    "exception.type": spec.failed.type,
                    "exception.message": spec.failed.message,
                  }),
                },
              ],
            }
          : {}),
      }))
      return encodeByLibrary({
        resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans: [{ spans: encoded }] }],
      })
    }),
  )
}

const nothing = () => undefined
const COUNTS = { accepted: nothing, rejected: nothing, cut: nothing, refused: nothing }

beforeAll(async () => {
  world = await webWorld()
  const { store } = world.web
  minute = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE
  for (let i = 0; i < ORDERS; i++) order(i, minute + i * 100, "1.0")
  for (let i = 0; i < ORDERS / 2; i++) order(ORDERS + i, minute + 2 * MINUTE + i * 100, "1.1")
  const keep = { days: 7, bytes: 1e12 }
  const receiver = new Receiver({ store, keep, counts: COUNTS, log: createLogger("receiver") })
  for (const body of requests()) await receiver.receive(body)
  viewer = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
  admin = createCaller(await contextFrom((await signedIn(world.web, "admin")).cookie))
}, 240_000)
afterAll(() => world[Symbol.asyncDispose]())

const ALL = ORDERS * 1.5
const SLOW = ALL / 10

describe("the list of services", () => {
  it("has calls that came in, errors, latencies, systems and a trend, the worst first", async () => {
    const { services, from, to } = await viewer.traces.services(range())
    expect([from, to]).toEqual([minute, minute + 5 * MINUTE])
    expect(services.map((one) => [one.service, one.calls, one.errors])).toEqual(
      [
        ["payment", ALL + SLOW, SLOW],
        ["gateway", ALL, 0],
        ["orders", ALL, 0],
        ["shipping", ALL + ALL / 50, 0],
      ].sort((a, b) => Number(b[2]) - Number(a[2]) || Number(b[1]) - Number(a[1])),
    )
    const orders = services.find((one) => one.service === "orders")
    expect(orders).toMatchObject({
      counted: "incoming",
      systems: [{ system: "grpc", calls: ALL, errors: 0 }],
    })
    expect(orders?.callsPerSecond).toBeCloseTo(ALL / 300, 5)
    expect(orders?.p95Ms).toBeGreaterThan(89)
    expect(orders?.p95Ms).toBeLessThan(91)
    expect(orders?.trend.map((point) => point.calls)).toEqual([ORDERS, 0, ORDERS / 2, 0, 0])
    expect(services.find((one) => one.service === "shipping")?.systems[0]?.system).toBe("kafka")
    const payment = services.find((one) => one.service === "payment")
    expect(payment?.errorRate).toBeCloseTo(SLOW / (ALL + SLOW), 5)
    expect(payment?.slowestError?.durationMs).toBeCloseTo(60, 3)
  })

  it("is the same over a day, which is read ten minutes at a time", async () => {
    const figures = ({ services }: Awaited<ReturnType<typeof viewer.traces.services>>) =>
      services.map(({ service, calls, errors, p95Ms, systems }) => [service, calls, errors, p95Ms, systems])
    const day = await viewer.traces.services({ from: minute - 1430 * MINUTE, to: range().to })
    expect(figures(day)).toEqual(figures(await viewer.traces.services(range())))
    expect(day.services[0]?.trend.reduce((sum, point) => sum + point.calls, 0)).toBe(day.services[0]?.calls)
  })

  it("divides what came in the running minute by the seconds that it has run", async () => {
    const [running, now] = [Math.floor(Date.now() / MINUTE) * MINUTE, Date.now()]
    const { services } = await viewer.traces.services({ from: minute, to: now })
    const orders = services.find((one) => one.service === "orders")
    expect(orders?.callsPerSecond).toBeGreaterThan(ALL / ((running + MINUTE - minute) / 1000) - 1e-9)
    expect(orders?.callsPerSecond).toBeLessThanOrEqual(ALL / ((now - minute) / 1000) + 1e-9)
  })

  it("is the same after rows of a minute were put together, and what comes late is added", async () => {
    const { store } = world.web
    // Of calls that took equally long, any may be the example; and the answer says when it was made.
    const figures = async () => {
      const answer = { ...(await viewer.traces.services(range())), now: null }
      return JSON.stringify(answer).replaceAll(/"[0-9a-f]{32}"/g, "")
    }
    const before = await figures()
    expect(await foldCounts(store, Date.now())).toBeGreaterThan(0)
    expect(await foldCounts(store, Date.now())).toBe(0)
    expect(await figures()).toEqual(before)
    const { rows } = await store.pool.query(
      "select at from traces.calls group by at, operation_id, peer_id, status having count(*) > 1",
    )
    expect(rows).toEqual([])
  })
})

describe("a service", () => {
  it("has a series with traces, operations, and when its version changed", async () => {
    const view = await viewer.traces.service({ ...range(), service: "orders" })
    expect(view.series.map((point) => point.calls)).toEqual([ORDERS, 0, ORDERS / 2, 0, 0])
    expect(view.series[1]).toMatchObject({ p95Ms: null, slowest: null })
    const traceId = view.series[0]?.slowest?.traceId ?? ""
    expect((await viewer.traces.get({ traceId })).services).toContain("orders")
    expect(view.operations.map((one) => [one.name, one.kind, one.system, one.calls, one.errors])).toEqual([
      ["SELECT cart", 3, "postgresql", 2 * ALL, 0],
      ["Payment/Charge", 3, "grpc", ALL + SLOW, SLOW],
      ["Orders/Place", 2, "grpc", ALL, 0],
      ["send orders", 4, "kafka", ALL, 0],
    ])
    expect(view.deploys).toEqual([{ at: minute + 2 * MINUTE, version: "1.1", previous: "1.0" }])
    await expect(viewer.traces.service({ ...range(), service: "nobody" })).rejects.toThrow("has sent spans")
  })

  it("has instances with version and host, and how unevenly they are called", async () => {
    const { instances, skew } = await viewer.traces.instances({ ...range(), service: "orders" })
    const own = instances.filter((one) => one.calls > 0)
    expect(own.map((one) => [one.name, one.version, one.host, one.calls])).toEqual([
      ["orders-a", "1.0", "host-orders-a", 150],
      ["orders-a", "1.1", "host-orders-a", 75],
      ["orders-b", "1.0", "host-orders-b", 50],
      ["orders-b", "1.1", "host-orders-b", 25],
    ])
    expect(own[0]?.share).toBeCloseTo(0.5, 5)
    // None of one version was there all the time.
    expect(skew === null || skew >= 1).toBe(true)
  })

  it("has its errors by what they have in common", async () => {
    const errors = await viewer.traces.errors({ ...range(), service: "payment" })
    expect(errors).toMatchObject([
      {
        ...{ type: "StatusError", message: "card <n> was not charged within <n> ms", spans: SLOW },
        operations: ["Payment/Charge"],
      },
    ])
    expect((await viewer.traces.get({ traceId: errors[0]?.traceId ?? "" })).errors).toBeGreaterThan(0)
  })

  it("has what it calls, queries, sends to and receives from, with the lag of its group", async () => {
    const { prisma } = world.web.store
    const cluster = await prisma.cluster.create({
      data: { slug: "shop", name: "Shop", system: "kafka", connection: "", source: "page" },
      select: { id: true },
    })
    const of = { clusterId: cluster.id }
    const topic = await prisma.destination.create({ data: { ...of, name: "orders", partitions: 3 } })
    for (const [name, lag] of [
      ["shipping", 77n],
      ["audit", 5n],
    ] as const) {
      const group = await prisma.consumerGroup.create({
        data: { ...of, name, type: "consumer", state: "stable" },
      })
      const key = { groupId: group.id, destinationId: topic.id }
      await prisma.groupDestination.create({ data: { ...key, status: "behind", lag, timeLagMs: 1000n } })
    }
    const peers = await viewer.traces.peers({ ...range(), service: "orders" })
    expect(peers.map((one) => [one.role, one.system, one.name, one.calls])).toEqual([
      ["queries", "postgresql", "db/shop", 2 * ALL],
      ["calls", "grpc", "payment:50051", ALL + SLOW],
      ["sends", "kafka", "orders", ALL],
    ])
    const [received] = await viewer.traces.peers({ ...range(), service: "shipping" })
    expect(received).toMatchObject({
      ...{ role: "receives", name: "orders", reader: "shipping", isGuess: false, clusters: ["shop"] },
      groups: [{ cluster: "shop", group: "shipping", lag: 77, timeLagMs: 1000 }],
    })
    const consumers = await viewer.traces.consumers({ ...range(), cluster: "shop", group: "shipping" })
    expect(consumers).toMatchObject([
      { service: "shipping", destinations: ["orders"], isGuess: false, calls: ALL + ALL / 50, errors: 0 },
    ])
    expect(consumers[0]?.slowest?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(await viewer.traces.consumers({ ...range(), cluster: "shop", group: "audit" })).toEqual([])
  })

  it("has callers, callees and what stands out, from whole traces", async () => {
    const { store } = world.web
    const [first, second] = [minute + 2 * MINUTE, minute + 4 * MINUTE]
    expect(await digestMinute(store, first)).toBe(200)
    expect(await digestMinute(store, first)).toBeNull()
    expect(await digestMinute(store, second)).toBe(100)
    const orders = await viewer.traces.neighbours({ ...range(), service: "orders" })
    expect(orders.sample).toMatchObject({ minutes: 2, traces: ALL, orphans: 0 })
    expect(orders.callers).toMatchObject([
      { caller: { service: "gateway", name: "POST /orders" }, callee: { name: "Orders/Place" }, calls: ALL },
    ])
    expect(
      orders.callees.map((one) => [one.callee.service, one.callee.name, one.calls, one.retries]),
    ).toEqual([
      ["orders", "SELECT cart", 2 * ALL, 0],
      ["payment", "Payment/Charge", ALL + SLOW, SLOW],
      ["shipping", "process orders", ALL + ALL / 50, 0],
    ])
    expect(orders.findings.map((one) => [one.kind, one.sentence])).toEqual([
      [
        "retries",
        "payment Payment/Charge is called 1.1 times per Orders/Place of orders: 9.1% of the calls are retries after DEADLINE_EXCEEDED.",
      ],
      ["timeouts", "9.1% of the calls of orders to payment Payment/Charge end by a deadline."],
      [
        "overtime",
        "payment continues Payment/Charge after orders has stopped waiting, in 9.1% of the calls.",
      ],
    ])
    const shipping = await viewer.traces.neighbours({ ...range(), service: "shipping" })
    expect(shipping.findings).toMatchObject([
      {
        kind: "duplicates",
        sentence: "shipping processes the same message more than once in 2.0% of cases (process orders).",
      },
    ])
  })

  it("has an objective that an admin sets, and how fast its budget burns", async () => {
    const objective = { target: 0.99, latencyMs: 50 }
    await expect(viewer.traces.setObjective({ service: "payment", objective })).rejects.toThrow("role admin")
    await admin.traces.setObjective({ service: "payment", objective })
    const { summary } = await viewer.traces.service({ ...range(), service: "payment" })
    expect(summary.objective).toMatchObject({ target: 0.99, latencyMs: 50 })
    // Those that ran into their deadline failed and took too long.
    expect(summary.objective?.burnRate).toBeCloseTo((2 * SLOW) / (ALL + SLOW) / 0.01, 3)
    await admin.traces.setObjective({ service: "payment", objective: null })
    expect((await viewer.traces.service({ ...range(), service: "payment" })).summary.objective).toBeNull()
  })
})
