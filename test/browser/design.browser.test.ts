import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import pixelmatch from "pixelmatch"
import type { Page } from "playwright-core"
import { PNG } from "pngjs"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openDesign, photograph, WINDOW } from "./design/photos.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible } from "./looks.ts"

const FOLDER = path.join(import.meta.dirname, "design", "pictures")
/** What differs where the same picture is drawn twice, as a share of its pixels. */
const TOLERANCE = 0.002

let desk: Desk
let page: Page

beforeAll(async () => {
  desk = await startDesk({ roles: ["web"], settings: async () => ({ SIGNALBOX_DESIGN_PAGE: "yes" }) })
  const context = await desk.browser.newContext({
    viewport: WINDOW,
    locale: "en-US",
    timezoneId: "UTC",
    storageState: await desk.context.storageState(),
  })
  page = await context.newPage()
})
afterAll(() => desk?.[Symbol.asyncDispose]())

for (const scheme of ["light", "dark"] as const) {
  test(`every component looks as it did, in ${scheme}`, async () => {
    await openDesign(page, desk.world.login.url)
    const pictures = await photograph(page, scheme)
    if (process.env.UPDATE_PICTURES) await keep(pictures)
    const differing: string[] = []
    for (const [name, now] of pictures) {
      const share = await differenceOf(name, now)
      if (share > TOLERANCE) differing.push(`${name}: ${(share * 100).toFixed(2)} % of the pixels`)
    }
    expect(differing).toEqual([])
  })
}

test("axe finds nothing on all of them, nor on what opens", async () => {
  await openDesign(page, desk.world.login.url)
  await expectAccessible(page)
  await photograph(page, "light", () => expectAccessible(page, { overlay: true }))
})

test("of 10,000 rows only those in view are drawn, and the last one can be reached", async () => {
  await openDesign(page, desk.world.login.url)
  const list = page.getByRole("table", { name: "10,000 groups" })
  expect(await list.getAttribute("aria-rowcount")).toBe("10001")
  expect(await list.locator("tbody tr").count()).toBeLessThan(120)
  await page.locator(".list-scroll[data-virtual]").evaluate((scroller) => {
    scroller.scrollTop = scroller.scrollHeight
  })
  await list.getByRole("link", { name: "group-9999" }).waitFor()
  expect(await list.locator("tbody tr").count()).toBeLessThan(120)
})

test("columns are chosen and stay so, rows are selected, and what is shown is a file", async () => {
  await openDesign(page, desk.world.login.url)
  const list = page.getByRole("table", { name: "10,000 groups" })
  const part = page.getByRole("region", { name: "List" })
  await part.getByRole("button", { name: "Columns" }).click()
  await page.getByRole("checkbox", { name: "Cluster" }).uncheck()
  await page.keyboard.press("Escape")
  await expect.poll(() => list.getByRole("columnheader", { name: "Cluster" }).count()).toBe(0)
  await list.getByRole("checkbox", { name: "Select group-1", exact: true }).check()
  await list.getByRole("checkbox", { name: "Select group-2", exact: true }).check()
  await part.getByText("2 selected").waitFor()
  await part.getByRole("button", { name: "Delete 2" }).waitFor()
  const downloading = page.waitForEvent("download")
  await part.getByRole("button", { name: "Download as CSV" }).click()
  const file = await readFile(await (await downloading).path(), "utf8")
  expect(file.split("\r\n").slice(0, 2)).toEqual(["Group,Status,Lag", "group-0,behind,0"])
  await page.reload()
  await list.getByRole("link", { name: "group-0", exact: true }).waitFor()
  await expect.poll(() => list.getByRole("columnheader", { name: "Cluster" }).count()).toBe(0)
})

test("on a phone a row is a card", async () => {
  await openDesign(page, desk.world.login.url)
  await page.setViewportSize({ width: 390, height: 844 })
  const row = page.getByRole("table", { name: "10,000 groups" }).locator("tbody tr").nth(3)
  await expect.poll(async () => (await row.boundingBox())?.width).toBeLessThanOrEqual(390)
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.setViewportSize(WINDOW)
})

test("without the setting there is no such page", async () => {
  await using plain = await startDesk({ roles: ["web"] })
  const response = await plain.go("/design")
  expect(response?.status()).toBe(404)
})

async function keep(pictures: Map<string, Buffer>): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  for (const [name, picture] of pictures) await writeFile(path.join(FOLDER, `${name}.png`), picture)
}

/** The share of pixels that differ from the picture that was kept; 1 where the size differs. What is seen now is kept beside it. */
async function differenceOf(name: string, picture: Buffer): Promise<number> {
  const then = PNG.sync.read(await readFile(path.join(FOLDER, `${name}.png`)))
  const now = PNG.sync.read(picture)
  if (then.width !== now.width || then.height !== now.height) return 1
  const { width, height } = now
  return pixelmatch(then.data, now.data, undefined, width, height, { threshold: 0.15 }) / (width * height)
}
