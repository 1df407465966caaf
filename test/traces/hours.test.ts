import { expect, it } from "vitest"
import { keepHours, sumHours } from "#server/traces/calls/hours.ts"
import { listServices } from "#server/traces/index.ts"
import { receiveSpans, shopOrder } from "./shop-orders.ts"
import { receiverWorld } from "./world.ts"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ORDERS = 10

it("reads days by hours that are added up, with the same figures, and adds what comes late", async () => {
  await using world = await receiverWorld()
  const { store } = world
  const now = Math.floor(Date.now() / HOUR) * HOUR + 50 * MINUTE
  const receive = (ago: number, count: number) =>
    receiveSpans(
      store,
      Array.from({ length: count }, (_, i) => shopOrder({ i, at: now - ago + i * 1000 })).flatMap(
        ({ spans }) => spans,
      ),
    )
  for (const hours of [0.2, 2, 5, 20, 50]) await receive(hours * HOUR, ORDERS)
  const figures = async () => {
    const found = await listServices({ store, now: () => now }, { from: now - 72 * HOUR, to: now })
    // Of calls that took equally long, any may be the example.
    return { ...found, services: JSON.stringify(found.services).replaceAll(/"[0-9a-f]{32}"/g, "") }
  }
  const calls = async () => {
    const { services } = await listServices({ store, now: () => now }, { from: now - 72 * HOUR, to: now })
    return services.find(({ service }) => service === "gateway")?.calls
  }
  const before = await figures()
  expect(before.step % HOUR).toBe(0)
  expect(before.from % HOUR).toBe(0)
  expect(await calls()).toBe(5 * ORDERS)

  // In the last minutes of ten nothing is looked for; the hour that is running and what is older than 26 hours stay.
  await keepHours(store, now + 5 * MINUTE)
  expect(await sumHours(store, now)).toBe(3)
  expect(await sumHours(store, now)).toBe(0)
  expect(await figures()).toEqual(before)

  const hour = Math.floor((now - 5 * HOUR) / HOUR) * HOUR
  await store.pool.query("delete from traces.calls where at >= $1 and at < $2", [
    `${hour}000000`,
    `${hour + HOUR}000000`,
  ])
  expect(await figures()).toEqual(before)

  await receive(20 * HOUR, 3)
  expect(await sumHours(store, now)).toBe(1)
  expect(await calls()).toBe(5 * ORDERS + 3)
})
