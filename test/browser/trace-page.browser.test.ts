import { randomBytes } from "node:crypto"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { tracePath } from "#app/(console)/paths.ts"
import { type Order, receiveSpans, type ShopSpan, shopBatch, shopOrder } from "#test/traces/shop-orders.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectGoodLooks, expectNarrow } from "./looks.ts"

const stack = new AsyncDisposableStack()
let desk: Desk
let page: Page
/** Charged twice: the first time it ran into its deadline. */
let failed: Order
/** Charged at once. */
let charged: Order
let batch: Order

beforeAll(async () => {
  desk = stack.use(await startDesk({ roles: ["web"] }))
  page = desk.page
  const at = Date.now() - 10 * 60_000
  const orders = Array.from({ length: 6 }, (_, i) => shopOrder({ i, at: at + i * 1000 }))
  const [, , , third, fourth] = orders
  if (!third || !fourth) throw new Error("There are six orders.")
  failed = third
  charged = fourth
  batch = shopBatch(orders, at + 9000)
  await receiveSpans(desk.world.store, [...orders.flatMap(({ spans }) => spans), ...batch.spans])
})
afterAll(() => stack.disposeAsync())

/** A loop that calls itself again and again. */
const manySpans = ((): ShopSpan[] => {
  const [first] = shopOrder({ i: 0, at: Date.now() - 20 * 60_000 }).spans
  if (!first) return []
  const steps = Array.from({ length: 11_999 }, (_, i) => ({
    ...{ ...first, spanId: randomBytes(8), parent: first.spanId, kind: 1, attributes: {} },
    ...{ name: `step ${i + 1}`, at: first.at + i * 2, ms: 2 },
  }))
  return [{ ...first, ms: 24_000 }, ...steps]
})()

const idOf = (order: Order) => order.traceId.toString("hex")
const grid = () => page.getByRole("treegrid", { name: "Spans" })
const row = (text: string | RegExp) => grid().getByRole("row").filter({ hasText: text })
const params = () => new URL(page.url()).searchParams
const drawer = () => page.getByRole("dialog")

test("an order that failed says where first, and where its time went", async () => {
  await desk.go(tracePath(idOf(failed)))
  await page.getByRole("heading", { name: "gateway POST /orders" }).waitFor()
  await page
    .getByText("payments failed in POST: StatusError: card o-3 was not charged within 50 ms")
    .waitFor()
  await page.getByText("It failed first; 2 more spans failed.").waitFor()
  const path = page.getByRole("region", { name: "Critical path" })
  await path.getByRole("button", { name: "payments POST" }).waitFor()
  expect(await row("inventory").count()).toBeGreaterThan(0)
  await row("queued 400 ms").filter({ hasText: "shipping" }).waitFor()
  await expectGoodLooks(page)
})

test("clocks of hosts that differ are said, and corrected for whoever gets the link", async () => {
  const notice = page.getByText("Host clocks differ.")
  await notice.waitFor()
  await page.getByLabel("Correct").check()
  await page.getByText("Times are corrected: clocks of hosts differ.").waitFor()
  expect(params().get("correct")).toBe("true")
  await page.reload()
  await page.getByText("Times are corrected: clocks of hosts differ.").waitFor()
  await page.getByLabel("Correct").uncheck()
  await notice.waitFor()
})

test("the sentence names the clock, by how much, and what is moved", async () => {
  await page.getByText(/^stock-1 \(inventory\) is 40 ms ± \d.* behind node-b: 1 span lies/).waitFor()
})

test("the path up to the last span goes through the queue", async () => {
  await choose(page.getByLabel("Up to"), "up to the last span")
  await page.getByRole("button", { name: "orders send orders: message in the queue" }).waitFor()
  expect(params().get("path")).toBe("all")
})

test("keys walk the tree, fold it, and go from error to error", async () => {
  await grid().focus()
  const active = () => grid().locator('[aria-selected="true"]')
  await page.keyboard.press("ArrowDown")
  await expect.poll(() => active().textContent()).toContain("POST /orders")
  const all = await grid().getByRole("row").count()
  await page.keyboard.press("ArrowLeft")
  await expect.poll(() => grid().getByRole("row").count()).toBeLessThan(4)
  await page.keyboard.press("ArrowRight")
  await expect.poll(() => grid().getByRole("row").count()).toBe(all)
  await page.keyboard.press("e")
  await expect.poll(() => active().textContent()).toContain("error")
  await page.keyboard.press("Enter")
  await drawer().getByText("StatusError: card o-3 was not charged within 50 ms").first().waitFor()
  expect(params().get("span")).toMatch(/^[0-9a-f]{16}-3$/)
  await expectAccessible(page, { overlay: true })
})

test("a value of a span is searched for, in all traces", async () => {
  await drawer().getByRole("link", { name: "Search spans with this rpc.service" }).click()
  await page.waitForURL(/\/traces\?/)
  expect(params().get("q")).toBe('{ span.rpc.service = "shop.Payments" }')
  await page.getByRole("table", { name: "Spans found" }).waitFor()
  await page.goBack()
  await drawer().waitFor()
  await drawer().getByRole("button", { name: "Close" }).click()
})

test("a text is found in names and attributes, one match after the other", async () => {
  const find = page.getByRole("searchbox", { name: "Find in trace" })
  await find.fill("insert into parcel")
  await page.getByText("1 span found").waitFor()
  await find.press("Enter")
  await page.getByText("1 of 1").waitFor()
  await expect
    .poll(() => grid().locator('[aria-selected="true"]').textContent())
    .toContain("INSERT shop.parcel")
  await find.fill("")
})

test("a batch is followed to the messages that it processed, and from them back", async () => {
  await row("send orders").first().click()
  await drawer().getByRole("heading", { name: "Linked from 1" }).waitFor()
  await drawer().getByText("Partition").waitFor()
  await drawer().getByRole("link", { name: "billing process orders" }).click()
  await page.getByRole("heading", { name: "billing process orders" }).first().waitFor()
  await drawer().getByRole("heading", { name: "Links to 6" }).waitFor()
  await drawer().getByText("(the longest of 6)").waitFor()
  expect(await drawer().getByRole("link", { name: "orders send orders" }).count()).toBe(6)
  await drawer().getByRole("link", { name: "orders send orders" }).nth(3).click()
  await page.getByRole("heading", { name: "gateway POST /orders" }).waitFor()
  await page.waitForURL(`**/${idOf(failed)}?span=*`)
  await drawer().getByRole("heading", { name: "Message sent" }).waitFor()
})

test("operations and the flame graph show the same trace", async () => {
  await desk.go(tracePath(idOf(failed)))
  const views = page.getByRole("navigation", { name: "Views" })
  await views.getByRole("link", { name: "Operations" }).click()
  const table = page.getByRole("table", { name: "Operations of the trace" })
  await table.waitFor()
  expect(await table.locator("tbody tr").first().textContent()).toContain("POST")
  await expectGoodLooks(page)
  await views.getByRole("link", { name: "Flame graph" }).click()
  const flame = page.getByRole("region", { name: "Flame graph" })
  await flame.getByRole("button", { name: "gateway POST /orders" }).click()
  await page.getByRole("button", { name: "Show all" }).click()
  await expectGoodLooks(page)
})

test("a trace is compared with another one of its operation", async () => {
  await desk.go(`${tracePath(idOf(failed))}?tab=compare`)
  await page.getByLabel("Trace to compare with").fill(idOf(charged))
  await page.getByRole("button", { name: "Compare" }).click()
  const rows = page.getByRole("table", { name: "Paths of both traces" }).locator("tbody tr")
  await expect.poll(() => rows.count()).toBeGreaterThan(8)
  await page.getByText(/^3 of \d+ paths differ in their number of spans\.$/).waitFor()
  expect(await rows.filter({ hasText: "payments" }).first().textContent()).toMatch(/both2\s*1/)
  expect(params().get("with")).toBe(idOf(charged))
  await expectGoodLooks(page)
})

test("a trace is downloaded, and the file is looked at without storing it", async () => {
  await desk.go(tracePath(idOf(failed)))
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download Jaeger" }).click(),
  ])
  await desk.go("/traces")
  await page.getByRole("link", { name: "Open a file" }).click()
  await page.getByLabel("Trace file").setInputFiles(await download.path())
  await row("shipping").first().waitFor()
  await page
    .getByText("payments failed in POST: StatusError: card o-3 was not charged within 50 ms")
    .waitFor()
  await row("INSERT shop.parcel").click()
  await drawer().getByText("insert into parcel (order_id, address) values ($1, $2)").waitFor()
  await drawer().getByRole("button", { name: "Close" }).click()
  await expectGoodLooks(page)
  const buffer = Buffer.from('{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "x"}]}]}]}')
  await page
    .getByLabel("Trace file")
    .setInputFiles({ name: "bad.json", mimeType: "application/json", buffer })
  await page.getByText("resourceSpans[0].scopeSpans[0].spans[0].traceId: must be a trace id").waitFor()
})

test("of a trace of 12,000 spans, only the rows in view are drawn, and the rest is shown on demand", async () => {
  await receiveSpans(desk.world.store, manySpans)
  await desk.go(tracePath(manySpans[0]?.traceId.toString("hex") ?? ""))
  await page.getByText("The first 10,000 of 12,000 spans are shown.").waitFor()
  expect(await grid().getAttribute("aria-rowcount")).toBe("10001")
  expect(await grid().getByRole("row").count()).toBeLessThan(100)
  await page.getByRole("button", { name: "Show all 12,000" }).click()
  await expect.poll(() => grid().getAttribute("aria-rowcount")).toBe("12001")
  await grid().focus()
  await page.keyboard.press("End")
  await expect.poll(() => grid().locator('[aria-selected="true"]').textContent()).toContain("step 11999")
  expect(await grid().getByRole("row").count()).toBeLessThan(100)
})

test("it can be read on a phone, and in the dark", async () => {
  await desk.go(tracePath(idOf(failed)))
  await row("inventory").first().waitFor()
  await expectAccessible(page)
  await expectNarrow(page)
})
