import { AxeBuilder } from "@axe-core/playwright"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { createDatabase } from "#test/stack/postgres.ts"
import { signIn, startBrowser } from "./browser.ts"
import { type FailingPayment, failingPayment } from "./failing-payment.ts"
import { startWeb, type WebWorld } from "./web.ts"

const AMOUNTS = ["12,50", "19.90", "7,99", "100,00", "5.00", "3,20"]
const GERMAN = ["o-0", "o-2", "o-3", "o-5"]

const stack = new AsyncDisposableStack()
let payment: FailingPayment
let world: WebWorld
let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  const database = stack.use(await createDatabase(inject("postgresUrl")))
  payment = stack.use(await failingPayment(AMOUNTS))
  const { bootstrap } = payment
  world = stack.use(await startWeb({ databaseUrl: database.url, bootstrap, roles: ["web", "collector"] }))
  browser = await startBrowser()
  stack.defer(() => browser.close())
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  await signIn(page, world.login)
})

afterAll(() => stack.disposeAsync())

const axe = async () => (await new AxeBuilder({ page }).analyze()).violations.map((one) => one.id)

/** As a person mends it: the comma of the amount becomes a point. */
async function mend(): Promise<void> {
  const value = page.getByLabel("Value", { exact: true })
  await value.fill((await value.inputValue()).replace(/("amount": "\d+),/, "$1."))
  await page.getByText("added:").first().waitFor({ state: "attached" })
}

test("finds the failure of payment on the overview, and sees the original beside the dead letter", async () => {
  await page.goto(world.login.url)
  await page.getByRole("link", { name: /^payment: For input string/ }).click()
  await page.getByRole("heading", { name: "payment: NumberFormatException" }).waitFor()
  await expect.poll(() => page.locator("dl.facts").first().textContent()).toContain("Messages4")
  await page.getByRole("heading", { name: "Original", exact: true }).waitFor()
  await page.getByText("Nothing: the consumer put it aside as it was.").waitFor()
  expect(await page.locator("dl.facts").first().textContent()).toContain("2.14.1")
  expect(await axe()).toEqual([])
})

test("mends the value, replays one, and sees it processed", async () => {
  const before = payment.captured().size
  await mend()
  await page.getByRole("button", { name: "Preview" }).click()
  await page.getByText("in amount, “,” becomes “.”").waitFor()
  expect(await axe()).toEqual([])
  await page.getByRole("button", { name: "Replay 1 message" }).click()
  await page.getByText("1 of 1").waitFor()
  await expect.poll(() => payment.captured().size).toBe(before + 1)
})

test("makes the same change to all the others, and sees them processed", async () => {
  await page.getByText("All 3 that were not replayed yet").click()
  await mend()
  await page.getByRole("button", { name: "Preview" }).click()
  await page.getByRole("button", { name: "Replay 3 messages" }).click()
  await page.getByText("3 of 3").waitFor()
  await expect.poll(() => GERMAN.filter((order) => payment.captured().has(order))).toEqual(GERMAN)
  await expect.poll(() => page.getByText("0 failed again").count()).toBe(2)
})

test("says that it is resolved, and why", async () => {
  await page.getByRole("button", { name: "Resolve" }).click()
  await page.getByText("● resolved").waitFor()
  await page.getByRole("link", { name: "Comments and history" }).click()
  await page.getByLabel("Comment", { exact: true }).fill("The parser takes a comma now.")
  await page.getByRole("button", { name: "Add comment" }).click()
  await page.getByText("The parser takes a comma now.").waitFor()
  expect(await axe()).toEqual([])
  await page.goto(`${world.login.url}/failures`)
  await page.getByText("No message waits as a dead letter.").waitFor()
  await page.getByLabel("State").selectOption("resolved")
  await page.getByRole("link", { name: "payment: NumberFormatException" }).waitFor()
  expect(await axe()).toEqual([])
})

test("fits a phone, in light and in dark", async () => {
  const { pathname } = new URL(page.url())
  const list = `${world.login.url}${pathname}?state=all`
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const address of [list, "", `${world.login.url}/failures/rules`]) {
      if (address === "") await page.getByRole("link", { name: "payment: NumberFormatException" }).click()
      else await page.goto(address)
      await page.locator("h1").waitFor()
      await page.locator(".skeleton").first().waitFor({ state: "detached" })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect([address, colorScheme, over]).toEqual([address, colorScheme, 0])
      expect(await axe()).toEqual([])
    }
  }
})
