import type { Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectGoodLooks } from "./looks.ts"

const MINUTE = 60_000
/** More than any other test's group lags on the shared brokers. */
const MESSAGES = 20_000
const CONSUMED = 40
/** The message that shipping works on for four seconds: an order of 900 lines. */
const LARGE = 33
const WORK_MS = 4000

const topic = unique("orders")
const group = unique("shipping")
const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page

beforeAll(async () => {
  const kafka = kafkaClient(inject("kafkaBootstrap"))
  await createTopic(kafka, topic, { partitions: 2 })
  const messages = Array.from({ length: MESSAGES }, (_, offset) => ({
    partition: 1,
    key: `o-${offset}`,
    value: JSON.stringify({ order: `o-${offset}`, lines: offset === LARGE ? 900 : 2 }),
  }))
  await produce(kafka, topic, messages)
  await commit(kafka, group, { topic, offsets: { 0: 0, 1: CONSUMED } })
  desk = stack.use(await startDesk())
  page = desk.page
  const start = Date.now() - 10 * MINUTE
  const orders = Array.from({ length: CONSUMED }, (_, i) =>
    shopOrder({
      ...{ i, at: start + i * 5000, topic, group, place: { partition: 1, offset: i } },
      workMs: i === LARGE ? WORK_MS : 30,
    }),
  )
  await receiveSpans(
    desk.world.store,
    orders.flatMap(({ spans }) => spans),
  )
})

afterAll(() => stack.disposeAsync())

test("from a group that lags to the message that is the cause: five clicks", async () => {
  let clicks = 0
  const click = async (link: Locator) => {
    await link.click()
    clicks++
  }
  await desk.go("/")
  await click(page.getByRole("table", { name: "Top lagging groups" }).getByRole("link", { name: group }))
  await page.getByRole("heading", { level: 1, name: group }).waitFor()

  await click(page.getByRole("table", { name: "Services" }).getByRole("link", { name: "shipping" }))
  await page.getByRole("heading", { level: 1, name: "shipping" }).waitFor()

  const operation = page.getByRole("table", { name: "Operations" }).getByRole("link", {
    name: `process ${topic}`,
  })
  await click(operation)
  const slowest = page.getByRole("table", { name: "Spans found" }).locator("tbody tr").first()
  await expect.poll(() => slowest.textContent()).toMatch(/4(\.0+)? s/)

  await click(slowest.getByRole("link"))
  const message = page.getByRole("link", { name: /^Open (the )?message\b.*on shop$/ })
  await message.waitFor()

  await click(message)
  const detail = page.getByRole("region", { name: "Message", exact: true })
  await detail.getByText("900").waitFor()
  expect(await detail.textContent()).toContain(`o-${LARGE}`)
  expect(clicks).toBe(5)
})

test.for([
  ["group", () => `/clusters/shop/groups/${group}`],
  ["search", () => `/traces?order=slowest&q=${encodeURIComponent('{ resource.service.name = "shipping" }')}`],
] as const)("axe finds nothing on the way, and it fits a phone: the page of the %s", async ([, address]) => {
  await desk.go(address())
  await expectGoodLooks(page)
})
