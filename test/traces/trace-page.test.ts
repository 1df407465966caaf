import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { createLogger } from "#server/log.ts"
import { Receiver } from "#server/traces/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"
import { requestOf } from "./requests.ts"

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
  expect(trace.spans.map((one) => [one.depth, one.name, one.offsetMs])).toEqual([
    [0, "POST /orders", 0],
    [1, "pay", 10],
    [2, "charge card", 20],
    [1, "save", 90],
    [0, "lost parent", 5],
  ])
  expect(trace.spans[2]).toMatchObject({
    ...{ service: "payments", status: "error", statusMessage: "declined" },
    attributes: [{ key: "tries", value: "3" }],
  })
  await expect(caller.traces.get({ traceId: "0".repeat(31) })).rejects.toThrow("32 hexadecimal digits")
  await expect(caller.traces.get({ traceId: "1".repeat(32) })).rejects.toThrow(
    "No span of this trace is stored",
  )
})
