import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createLogger } from "#server/log.ts"
import { treeOf } from "#server/traces/analysis/tree.ts"
import { Receiver } from "#server/traces/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"
import { requestOf } from "./requests.ts"
import { receiveSpans, shopBatch, shopOrder } from "./shop-orders.ts"

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const nothing = () => undefined
const COUNTS = { accepted: nothing, rejected: nothing, cut: nothing, refused: nothing }

it("shows what services did, and a trace with each span below its parent", async () => {
  const { store } = world.web
  const keep = { days: 7, bytes: 1e12 }
  const receiver = new Receiver({ store, keep, counts: COUNTS, log: createLogger("receiver") })
  const traceId = randomBytes(16)
  const [root, pay, charge] = [randomBytes(8), randomBytes(8), randomBytes(8)]
  const at = Math.floor(Date.now() / 60_000) * 60_000
  const span = (
    spanId: Buffer,
    name: string,
    more: { from: number; to: number; [field: string]: unknown },
  ) => ({
    spanId,
    name,
    startTimeUnixNano: `${at + more.from}000000`,
    endTimeUnixNano: `${at + more.to}000000`,
    ...more,
  })
  // Children may arrive first.
  const below = requestOf(
    traceId,
    [
      span(charge, "charge card", {
        ...{ from: 20, to: 80, parentSpanId: pay, status: { code: 2, message: "declined" } },
        attributes: [{ key: "tries", value: { intValue: "3" } }],
      }),
    ],
    "payments",
  )
  const above = requestOf(traceId, [
    span(root, "POST /orders", { from: 0, to: 100 }),
    span(randomBytes(8), "lost parent", { from: 5, to: 6, parentSpanId: randomBytes(8) }),
    span(randomBytes(8), "save", { from: 90, to: 95, parentSpanId: root }),
    span(pay, "pay", { from: 10, to: 85, parentSpanId: root }),
  ])
  for (const body of [below, above]) await receiver.receive(body)
  const caller = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
  const { operations } = await caller.traces.operations({ from: at, to: at + 60_000, service: "PAY" })
  expect(operations).toMatchObject([
    {
      service: "payments",
      operation: "charge card",
      calls: 1,
      errors: 1,
      slowestTraceId: traceId.toString("hex"),
    },
  ])
  const trace = await caller.traces.get({ traceId: ` ${traceId.toString("hex").toUpperCase()}` })
  expect(trace).toMatchObject({ startMs: at, durationMs: 100, services: ["cart", "payments"], errors: 1 })
  expect(
    treeOf(trace.spans).nodes.map(({ depth, span: one }) => [depth, one.name, one.startNs / 1e6]),
  ).toEqual([
    [0, "POST /orders", 0],
    [1, "pay", 10],
    [2, "charge card", 20],
    [1, "save", 90],
    [0, "lost parent", 5],
  ])
  expect(trace.total).toBe(5)
  const failed = trace.spans[2]
  expect(failed).toMatchObject({ service: "payments", isError: true, statusMessage: "declined" })
  const place = { traceId: trace.traceId, spanId: charge.toString("hex") }
  expect(await caller.traces.span({ ...place, kind: failed?.kind ?? 0 })).toMatchObject({
    attributes: [{ key: "tries", value: "3", type: "number" }],
    dropped: 0,
  })
  await expect(caller.traces.span({ ...place, kind: 5 })).rejects.toThrow("This span is not stored.")
  expect(await caller.traces.find({ traceId: trace.traceId, text: " TRIES" })).toEqual([place.spanId])
  expect(await caller.traces.find({ traceId: trace.traceId, text: "nothing" })).toEqual([])
  const short = await caller.traces.get({ traceId: trace.traceId, limit: 2 })
  expect([short.spans.length, short.total, short.errors]).toEqual([2, 5, 1])
  await expect(caller.traces.get({ traceId: "0".repeat(31) })).rejects.toThrow("32 hexadecimal digits")
  await expect(caller.traces.get({ traceId: "1".repeat(32) })).rejects.toThrow(
    "No span of this trace is stored",
  )
})

it("finds what a batch consumer links to, and the batch from the traces of its messages", async () => {
  const at = Date.now() - 60_000
  const orders = [shopOrder({ i: 1, at }), shopOrder({ i: 2, at: at + 100 })]
  const batch = shopBatch(orders, at + 5000)
  await receiveSpans(world.web.store, [...orders.flatMap(({ spans }) => spans), ...batch.spans])
  const caller = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
  const idOf = (order: (typeof orders)[number]) => order.traceId.toString("hex")
  const fromBatch = await caller.traces.linked({ traceId: idOf(batch) })
  expect(fromBatch).toMatchObject({ into: [], isPartial: false })
  expect(fromBatch.out.map((one) => [one.traceId, one.service, one.name, one.here])).toEqual(
    orders.map((order) => [idOf(order), "orders", "send orders", [batch.send.spanId.toString("hex")]]),
  )
  expect(fromBatch.out.every(({ endNs }) => endNs < 0)).toBe(true)
  for (const order of orders)
    expect(await caller.traces.linked({ traceId: idOf(order) })).toMatchObject({
      ...{ out: [], isPartial: false },
      into: [{ traceId: idOf(batch), service: "billing", here: [order.send.spanId.toString("hex")] }],
    })
})
