import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { traceSearchPath } from "#app/(console)/paths.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectGoodLooks } from "./looks.ts"

const ORDERS = 90
/** Every tenth order is charged twice: the first time it runs into its deadline. */
const FAILED = 9
/** Requests that gateway, orders, inventory and payments served. */
const SERVED = 4 * ORDERS + FAILED

const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page

beforeAll(async () => {
  desk = stack.use(await startDesk({ roles: ["web"] }))
  page = desk.page
  const start = Date.now() - 10 * 60_000
  const orders = Array.from({ length: ORDERS }, (_, i) => shopOrder({ i, at: start + i * 1000 }))
  await receiveSpans(
    desk.world.store,
    orders.flatMap((order) => order.spans),
  )
})
afterAll(() => stack.disposeAsync())

const rows = () => page.getByRole("table", { name: "Spans found" }).locator("tbody tr")

const queryOf = () => new URL(page.url()).searchParams.get("q")
const saysFound = (count: number) => page.getByText(new RegExp(`^${count} spans found in`)).waitFor()

test("spans are found by a query, a page at a time, until the whole range was searched", async () => {
  await desk.go("/traces")
  await page.getByLabel("Query").fill("{ kind = server }")
  await page.getByRole("button", { name: "Search", exact: true }).click()
  for (let found = 100; found < SERVED; found += 100) {
    await saysFound(found)
    await page.getByRole("button", { name: "Load more" }).click()
  }
  await saysFound(SERVED)
  await page.getByText("the whole range was searched").waitFor()
  expect(queryOf()).toBe("{ kind = server }")
  await expectGoodLooks(page)
})

test("fields and values are proposed while a query is written", async () => {
  await desk.go("/traces")
  const query = page.getByLabel("Query")
  await query.pressSequentially("{ serv")
  const proposals = page.getByRole("listbox", { name: "Proposals" }).getByRole("option")
  await proposals.filter({ hasText: "resource.service.name" }).waitFor()
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Enter")
  await expect.poll(() => query.inputValue()).toBe("{ resource.service.name ")
  await page.keyboard.type('= "pay')
  await proposals.filter({ hasText: '"payments"' }).waitFor()
  await expectAccessible(page, { overlay: true })
  await page.keyboard.press("ArrowDown")
  await page.keyboard.press("Tab")
  await expect.poll(() => query.inputValue()).toBe('{ resource.service.name = "payments" ')
  await page.keyboard.type("&& span.card.net")
  await proposals.filter({ hasText: "span.card.network" }).click()
  await page.keyboard.type('= "visa"')
  await page.keyboard.press("Enter")
  await saysFound(ORDERS + FAILED)
  expect(queryOf()).toBe('{ resource.service.name = "payments" && span.card.network = "visa" }')
})

test("fields beside the query write it, and follow it", async () => {
  await desk.go("/traces")
  await choose(page.getByRole("combobox", { name: "Service" }), /^payments/)
  await choose(page.getByRole("combobox", { name: "Status", exact: true }), "error")
  await saysFound(2 * FAILED)
  await choose(page.getByRole("combobox", { name: "Operation" }), /^shop.Payments/)
  await saysFound(FAILED)
  await page.getByRole("combobox", { name: "Attribute" }).click()
  await page.getByRole("combobox", { name: "Search: Attribute" }).fill("card.net")
  await page.getByRole("option", { name: /span.card.network/ }).click()
  await choose(page.getByRole("combobox", { name: "Value", exact: true }), /^visa/)
  await saysFound(FAILED)
  await page.getByLabel("Max duration").fill("soon")
  await page.getByText("Enter a duration, such as 500ms or 1.5s.").waitFor()
  await page.getByLabel("Max duration").fill("1")
  await page.keyboard.press("Enter")
  await page.getByText("No span in this time range matches.").waitFor()
  expect(queryOf()).toBe(
    '{ resource.service.name = "payments" && name = "shop.Payments/Charge" && status = error && duration <= 1ms && span.card.network = "visa" }',
  )
  await page.getByRole("button", { name: "Remove span.card.network equals visa" }).click()
  await expect.poll(queryOf).not.toContain("card.network")
  await page.getByLabel("Query").fill("{ kind = server }")
  await page.getByText(/conditions that the fields cannot show/).waitFor()
})

test("a text is found wherever it stands in a span", async () => {
  await desk.go("/traces")
  await page.getByLabel("Text anywhere").fill("o-42")
  await page.keyboard.press("Enter")
  await expect.poll(() => rows().count()).toBe(2)
  expect(new URL(page.url()).searchParams.get("text")).toBe("o-42")
  await page.getByRole("button", { name: "Clear" }).click()
  await expect.poll(() => page.getByLabel("Text anywhere").inputValue()).toBe("")
})

test("durations are plotted: a drag narrows the search, and a click opens the trace", async () => {
  await desk.go(traceSearchPath('{ resource.service.name = "gateway" && kind = server }'))
  const plot = page.getByRole("figure", { name: "Durations of the spans found" }).locator(".frame")
  await expect.poll(() => plot.locator("circle").count()).toBe(ORDERS)
  const box = await plot.boundingBox()
  if (!box) throw new Error("The plot has no place.")
  // The two slow orders stand at the top.
  await page.mouse.move(box.x + 60, box.y + 4)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width - 4, box.y + 40, { steps: 4 })
  await page.mouse.up()
  await saysFound(2)
  expect(queryOf()).toMatch(/duration >= \d+ms && duration <= 1\.?\d*s/)
  expect(new URL(page.url()).searchParams.get("from")).toMatch(/^20/)
  await page.goBack()
  await saysFound(ORDERS)
  expect(queryOf()).toBe('{ resource.service.name = "gateway" && kind = server }')
  const dot = await plot.locator("circle").first().boundingBox()
  if (!dot) throw new Error("The dot has no place.")
  await page.mouse.click(dot.x + dot.width / 2, dot.y + dot.height / 2)
  await page.waitForURL(/\/traces\/[0-9a-f]{32}\?span=/)
})

test("the slowest come first, and a link shows the same to others", async () => {
  await desk.go(traceSearchPath('{ resource.service.name = "payments" && kind = server }'))
  await choose(page.getByLabel("Order"), "slowest first")
  await expect.poll(() => new URL(page.url()).searchParams.get("order")).toBe("slowest")
  await expect.poll(() => rows().first().textContent()).toMatch(/[89]\d\d ms/)
  await desk.go(new URL(page.url()).pathname + new URL(page.url()).search)
  await expect.poll(() => rows().first().textContent()).toMatch(/[89]\d\d ms/)
  await rows().first().getByRole("link").click()
  await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
})

test("a query in the address is searched for, and cleared", async () => {
  await desk.go(traceSearchPath('{ resource.service.name = "payments" && status = error && kind = server }'))
  await expect.poll(() => rows().count()).toBe(FAILED)
  expect(await rows().first().textContent()).toContain("error")
  await page.getByRole("button", { name: "Clear" }).click()
  await page.getByRole("table", { name: "Spans found" }).waitFor({ state: "detached" })
  expect(new URL(page.url()).searchParams.has("q")).toBe(false)
})

test("a query that cannot be read is refused in a sentence, and nothing that matches is no failure", async () => {
  await page.getByLabel("Query").fill("{ duration > }")
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await page.getByRole("alert").first().waitFor()
  await page.getByLabel("Query").fill('{ resource.service.name = "nobody" }')
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await page.getByText("No span in this time range matches.").waitFor()
})
