import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { until } from "#test/until.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectNarrow } from "./looks.ts"
import { createShop, type SmallShop } from "./shop.ts"

const stack = new AsyncDisposableStack()
let shop: SmallShop
let desk: Desk
let page: Page

beforeAll(async () => {
  shop = stack.use(await createShop(inject("kafkaBootstrap")))
  desk = stack.use(await startDesk())
  page = desk.page
})

afterAll(() => stack.disposeAsync())

const groupAt = (query: string) => desk.go(`/clusters/shop/groups/${shop.group}?${query}`)
const lagChart = () => page.getByRole("figure", { name: /^Lag/ })

/** Kept for who wants to look; nowhere unless asked for. */
async function picture(name: string): Promise<void> {
  const folder = process.env.SIGNALBOX_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

test("a month of a young installation shows its data, says where history begins, and zooms to it", async () => {
  await groupAt("from=now-30d")
  const begins = lagChart().getByText(/^History begins at/)
  await begins.waitFor()
  await lagChart().locator("canvas").waitFor()
  await lagChart()
    .getByText(/^One point per /)
    .waitFor()
  await picture("month-wide")
  await expectAccessible(page)
  await expectNarrow(page)
  await lagChart().getByRole("button", { name: "Zoom to data" }).click()
  await expect.poll(() => page.url()).not.toContain("now-30d")
  await expect.poll(() => begins.count()).toBe(0)
  await lagChart().locator("canvas").waitFor()
  await picture("zoomed-wide")
})

test("a range that ends in the future has no numbers after the last sample", async () => {
  const hour = 3_600_000
  const [from, to] = [Date.now() - hour, Date.now() + hour].map((ms) => new Date(ms).toISOString())
  await groupAt(`from=${from}&to=${to}`)
  await lagChart().getByRole("button", { name: "Table" }).click()
  const rows = lagChart().locator("tbody tr")
  await rows.first().waitFor()
  // The newest first; what is yet to come is in none, nor are rows of dashes alone.
  const cells = await rows.locator("td:nth-child(2)").allTextContents()
  expect(cells).not.toContain("–")
  expect(new Set(cells)).toEqual(new Set(["7"]))
  await picture("future-wide")
})

test("a range whose start is after its end says so, and swaps", async () => {
  const hour = 3_600_000
  const [late, early] = [Date.now(), Date.now() - hour].map((ms) => new Date(ms).toISOString())
  await groupAt(`from=${late}&to=${early}`)
  const alert = page.getByRole("alert").filter({ hasText: "The start is after the end." })
  await alert.waitFor()
  await picture("reversed-wide")
  await expectNarrow(page)
  await alert.getByRole("button", { name: "Swap" }).click()
  await expect.poll(() => alert.count()).toBe(0)
  await lagChart().locator("canvas").waitFor()
})

test("a range that is no time says what it shows instead, and can be reset", async () => {
  await groupAt("from=someday")
  const alert = page.getByRole("alert").filter({ hasText: "“someday” is not a time." })
  await alert.waitFor()
  await lagChart().locator("canvas").waitFor()
  await alert.getByRole("button", { name: "Reset" }).click()
  await expect.poll(() => alert.count()).toBe(0)
  expect(page.url()).not.toContain("someday")
})

test("a drag over a chart zooms, all charts follow, and a double-click goes back", async () => {
  // What is moved into view must have samples: where there are none, there is no chart to press.
  await until("there is more than a minute of history", async () => {
    const { rows } = await desk.world.store.pool.query<{ at: Date }>("select min(at) as at from series.sweep")
    return Date.now() - Number(rows[0]?.at ?? Date.now()) > 75_000
  })
  await groupAt("from=now-15m")
  await lagChart().locator("canvas").waitFor()
  const over = lagChart().locator(".u-over")
  const box = await over.boundingBox()
  if (!box) throw new Error("The chart is not on the page.")
  const [y, left, right] = [box.y + box.height / 2, box.x + box.width * 0.5, box.x + box.width * 0.97]
  await page.mouse.move(left, y)
  await page.mouse.down()
  await page.mouse.move(right, y, { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => page.url()).toMatch(/from=20\d\d-.*to=20\d\d-/)
  await page.getByRole("button", { name: "Fixed range" }).waitFor()
  await page.keyboard.down("Shift")
  const zoomed = page.url()
  await page.mouse.move(left, y)
  await page.mouse.down()
  await page.mouse.move(left + 40, y, { steps: 5 })
  await page.mouse.up()
  await page.keyboard.up("Shift")
  await expect.poll(() => page.url()).not.toBe(zoomed)
  expect(spanOf(page.url())).toBeCloseTo(spanOf(zoomed), -3)
  await over.dblclick()
  await expect.poll(() => page.url()).toBe(zoomed)
  await over.dblclick()
  await expect.poll(() => page.url()).toContain("from=now-15m")
  await page.getByRole("button", { name: "Live" }).waitFor()
})

/** ms of a range of two moments in an address. */
function spanOf(address: string): number {
  const { searchParams } = new URL(address)
  return Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "")
}

test("the cursor's numbers stand beside it, and the legend hides lines", async () => {
  await groupAt("from=now-15m")
  const rates = page.getByRole("figure", { name: /^Messages per second/ })
  await rates.locator("canvas").waitFor()
  await expect
    .poll(async () => {
      await rates.locator(".u-over").hover({ position: { x: 5, y: 40 } })
      await rates.locator(".u-over").hover()
      return rates.locator(".chart-tip").textContent()
    })
    .toMatch(/produced.*consumed/)
  const line = (name: string) => rates.getByRole("button", { name, exact: true })
  await line("produced").click({ modifiers: ["Shift"] })
  await expect.poll(() => line("consumed").getAttribute("aria-pressed")).toBe("false")
  await rates.locator(".u-over").hover()
  await expect.poll(() => rates.locator(".chart-tip").textContent()).not.toContain("consumed")
  await line("consumed").click()
  await expect.poll(() => line("consumed").getAttribute("aria-pressed")).toBe("true")
  await expectAccessible(page)
})

test("a chart fills the window, is copied as a picture, and gives the page back", async () => {
  await desk.context.grantPermissions(["clipboard-read", "clipboard-write"])
  await groupAt("from=now-15m")
  await lagChart().locator("canvas").waitFor()
  await lagChart().getByRole("button", { name: "Copy as PNG" }).click()
  await page.getByText(/^The chart was (copied|saved) as PNG\.$/).waitFor()
  await lagChart().getByRole("button", { name: "Full screen" }).click()
  const full = page.getByRole("dialog", { name: "Chart in full screen" })
  await full.locator("canvas").waitFor()
  await expect.poll(async () => (await full.locator(".plot").boundingBox())?.height).toBeGreaterThan(500)
  await picture("full-screen")
  await expectAccessible(page)
  await page.keyboard.press("Escape")
  await expect.poll(() => full.count()).toBe(0)
  await lagChart().locator("canvas").waitFor()
})

test("the range is typed, searched for, chosen on a calendar, shifted, and read in UTC", async () => {
  await groupAt("")
  const open = page.getByRole("button", { name: /^Time range/ })
  const panel = page.getByRole("dialog", { name: "Time range" })
  await lagChart().locator("canvas").waitFor()
  await open.click()
  await panel.getByLabel("Search quick ranges").fill("6 hours")
  await picture("range-panel")
  await expectAccessible(page)
  await page.keyboard.press("Enter")
  await expect.poll(() => page.url()).toContain("from=now-6h")
  await expect.poll(() => panel.count()).toBe(0)
  await open.getByText("Last 6 hours").waitFor()
  await open.click()
  await panel.getByLabel("From").fill("now-")
  await panel.getByText(/^Enter a time:/).waitFor()
  await panel.getByLabel("From").fill("yesterday")
  await panel.getByRole("button", { name: "Apply time range" }).click()
  await expect.poll(() => page.url()).toContain("from=yesterday")
  await page.getByRole("button", { name: "Zoom out" }).click()
  await page.getByRole("button", { name: "Earlier" }).click()
  await page.getByRole("button", { name: "Fixed range" }).waitFor()
  await open.click()
  await panel.locator(".day:not(:disabled)").first().click()
  await panel.getByRole("button", { name: "Apply time range" }).click()
  await expect.poll(() => panel.count()).toBe(0)
  await open.click()
  await panel.getByRole("radio", { name: "UTC", exact: true }).check()
  await page.keyboard.press("Escape")
  await expect.poll(() => panel.count()).toBe(0)
  await expect.poll(() => open.textContent()).toMatch(/UTC$/)
  await groupAt("from=now-15m")
  await expect.poll(() => open.textContent()).toMatch(/UTC$/)
  await open.click()
  await panel.getByRole("radio", { name: /America\/New_York/ }).check()
  await expect.poll(() => open.textContent()).toMatch(/UTC-[45]$/)
})

test("the group's statuses are shown over the range, with how long each of them held", async () => {
  await groupAt("from=now-15m")
  await page
    .getByRole("list", { name: "Time in each status" })
    .getByText(/^(ok|idle)$/)
    .first()
    .waitFor()
  const changes = page.getByText(/^Status changes \(\d+\)$/)
  await changes.click()
  await page.getByRole("table", { name: "Status changes" }).getByRole("cell").first().waitFor()
  await picture("statuses-wide")
  await expectAccessible(page)
  await expectNarrow(page)
})

test("the partitions of a topic are sorted by the server", async () => {
  await desk.go(`/clusters/shop/topics/${shop.topic}?tab=partitions`)
  const table = page.getByRole("table", { name: "Partitions" })
  await table.locator("tbody tr").first().waitFor()
  await table.getByRole("button", { name: "End" }).click()
  await expect.poll(() => page.url()).toContain("psort=end")
  await expect.poll(() => table.locator("tbody tr").count()).toBeGreaterThan(0)
  await picture("partitions-wide")
  await page.setViewportSize({ width: 390, height: 844 })
  await picture("partitions-phone")
  await page.setViewportSize({ width: 1440, height: 900 })
  await groupAt("from=now-1h")
  await lagChart().locator("canvas").waitFor()
  await picture("group-wide")
  await page.setViewportSize({ width: 390, height: 844 })
  await picture("group-phone")
})
