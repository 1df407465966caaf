import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { traceSearchPath } from "#app/(console)/paths.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectGoodLooks } from "./looks.ts"

const ORDERS = 90
/** Every tenth order is charged twice: the first time it runs into its deadline. */
const FAILED = 9

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

test("spans are found by a query, a page at a time, until the whole range was searched", async () => {
  await desk.go("/traces")
  await page.getByLabel("Query").fill('{ resource.service.name = "payments" && kind = server }')
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await expect.poll(() => rows().count()).toBe(20)
  for (let pages = 2; pages <= 5; pages++) {
    await page.getByRole("button", { name: "Load more" }).click()
    await expect.poll(() => rows().count()).toBeGreaterThanOrEqual(Math.min(20 * pages, ORDERS + FAILED))
  }
  await page.getByText(`${ORDERS + FAILED} spans found`).waitFor()
  await page.getByText("the whole range was searched").waitFor()
  expect(new URL(page.url()).searchParams.get("q")).toContain("payments")
  await expectGoodLooks(page)
})

test("the slowest come first, and a link shows the same to others", async () => {
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
