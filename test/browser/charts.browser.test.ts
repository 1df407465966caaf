import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
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
  await groupAt("from=yesterday")
  const alert = page.getByRole("alert").filter({ hasText: "“yesterday” is not a time." })
  await alert.waitFor()
  await lagChart().locator("canvas").waitFor()
  await alert.getByRole("button", { name: "Reset" }).click()
  await expect.poll(() => alert.count()).toBe(0)
  expect(page.url()).not.toContain("yesterday")
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
