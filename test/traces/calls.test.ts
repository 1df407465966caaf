import { randomBytes } from "node:crypto"
import { expect, it } from "vitest"
import { operationCalls } from "#server/traces/queries/operation-calls.ts"
import { requestOf } from "./requests.ts"
import { receiverWorld } from "./world.ts"

const MINUTE = 60_000

/** A span that took so many ms, from a moment on. */
const call = (at: number, ms: number, more: object = {}) => ({
  startTimeUnixNano: `${at}000000`,
  endTimeUnixNano: `${at + ms}000000`,
  ...more,
})

it("counts calls, errors and how long they took, in each minute, and a repeated request once", async () => {
  await using world = await receiverWorld()
  const minute = Math.floor(Date.now() / MINUTE) * MINUTE - 5 * MINUTE
  const slow = randomBytes(16)
  const failed = { status: { code: 2 } }
  const requests = [
    requestOf(
      randomBytes(16),
      Array.from({ length: 100 }, (_, i) => call(minute + i, 10 + i)),
    ),
    requestOf(slow, [call(minute + 1, 2000, failed), call(minute + MINUTE, 50)]),
    requestOf(randomBytes(16), [call(minute, 7, { kind: 3, name: "SELECT cart" })]),
  ]
  for (const body of [...requests, ...requests]) expect((await world.receiver.receive(body)).rejected).toBe(0)
  const [get, select, ...others] = await operationCalls(world.store, { from: minute, to: minute + MINUTE })
  expect(others).toEqual([])
  expect(get).toMatchObject({ service: "cart", operation: "GET /cart", kind: 2, calls: 101, errors: 1 })
  expect(get).toMatchObject({ slowestMs: 2000, slowestTraceId: slow.toString("hex") })
  expect(get?.p50Ms).toBeCloseTo(60, 0)
  expect(get?.p99Ms).toBeGreaterThan(107)
  expect(get?.p99Ms).toBeLessThan(111)
  expect(select).toMatchObject({ operation: "SELECT cart", kind: 3, calls: 1, errors: 0, slowestMs: 7 })
  const later = await operationCalls(world.store, { from: minute + MINUTE, to: minute + 2 * MINUTE })
  expect(later.map((one) => one.calls)).toEqual([1])
})
