import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ensureDefaultRules } from "#server/alerts/index.ts"
import { receiveSpans, shopOrder } from "#test/traces/shop-orders.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { type FailingPayment, failingPayment } from "./failing-payment.ts"
import { expectAccessible, expectGoodLooks } from "./looks.ts"

const AMOUNTS = ["12,50", "19.90", "7,99", "100,00", "5.00", "3,20"]
const GERMAN = ["o-0", "o-2", "o-3", "o-5"]

const stack = new AsyncDisposableStack()
let payment: FailingPayment
let desk: Desk
let page: Page

beforeAll(async () => {
  payment = stack.use(await failingPayment(AMOUNTS))
  desk = stack.use(await startDesk({ bootstrap: payment.bootstrap }))
  await ensureDefaultRules(desk.world.store)
  page = desk.page
})

afterAll(() => stack.disposeAsync())

const value = () => page.locator(".code-editor").getByRole("textbox", { name: "Value", exact: true })

/** As a person mends it: the comma of the amount becomes a point. */
async function mend(): Promise<void> {
  const text = (await value().locator(".cm-line").allInnerTexts()).join("\n")
  await value().fill(text.replace(/("amount": "\d+),/, "$1."))
  await page.getByText("1 line differs from what it was.").waitFor()
}

test("finds the failure of payment on the overview, and sees the original beside the dead letter", async () => {
  await desk.go("/")
  const incidents = page.getByRole("region", { name: "Needs attention" }).getByRole("listitem")
  await incidents
    .filter({ hasText: "NumberFormatException" })
    .getByRole("link", { name: "Open payment" })
    .click()
  await page.getByRole("heading", { name: "payment: NumberFormatException" }).waitFor()
  await expect.poll(() => page.locator("dl.facts").first().textContent()).toContain("Messages4")
  await page.getByRole("heading", { name: "Original", exact: true }).waitFor()
  await page.getByText("No difference.").waitFor()
  expect(await page.locator("dl.facts").first().textContent()).toContain("2.14.1")
  await expectAccessible(page)
})

test("leads from the failure to the traces in which its messages failed", async () => {
  const { store } = desk.world
  const traces = page.getByRole("region", { name: "Traces of this failure" })
  await traces.getByText("No span names any of these messages.").waitFor()
  const letters = await store.prisma.failureMessage.findMany({ orderBy: { id: "asc" }, take: 2 })
  const orders = letters.map(({ originalPartition, originalOffset }, i) =>
    shopOrder({
      ...{ i, at: Date.now() - 60_000, topic: "orders", group: "payment" },
      place: { partition: originalPartition ?? 0, offset: Number(originalOffset) },
    }),
  )
  await receiveSpans(
    store,
    orders.flatMap(({ spans }) => spans),
  )
  await page.reload()
  await expect.poll(() => traces.getByRole("link").count()).toBe(2)
  expect(await traces.textContent()).toContain("process orders")
  await expectAccessible(page)
})

test("is told where the JSON is wrong, and leaves the editor by key", async () => {
  await page.getByRole("link", { name: "Fix and replay" }).click()
  await value().fill('{\n  "amount": "12.50",\n}')
  await page.getByText(/^This is no valid JSON/).waitFor()
  await page.locator(".cm-lint-marker-error").waitFor()
  await expectAccessible(page)
  await value().press("/")
  expect(await value().evaluate((field) => field.contains(document.activeElement))).toBe(true)
  await value().press("Tab")
  expect(await value().evaluate((field) => field.contains(document.activeElement))).toBe(false)
  await page.getByRole("button", { name: "Reset" }).click()
  await page.getByText("Edit the value to fix it").waitFor()
})

const footer = () => page.getByRole("region", { name: "Replay actions" })

test("fixes the value, replays one, and sees the result where the button was", async () => {
  const before = payment.captured().size
  await mend()
  await footer().getByRole("button", { name: "Replay 1 with this fix…" }).click()
  await footer().getByText("in amount, “,” becomes “.”").waitFor()
  await expectAccessible(page)
  await footer().getByRole("button", { name: "Replay 1 message" }).click()
  await footer().getByText("1 of 1").waitFor()
  await expect.poll(() => payment.captured().size).toBe(before + 1)
})

test("chooses by time, partition and what was not replayed, and previews all that is shown", async () => {
  const rows = page.getByRole("table", { name: "Dead letters", exact: true }).locator("tbody tr")
  await choose(page.getByLabel("Replayed", { exact: true }), "not replayed")
  await expect.poll(() => rows.count()).toBe(3)
  const partitions = await rows.locator("[data-label=Partition]").allInnerTexts()
  const [one = ""] = partitions
  const there = partitions.filter((partition) => partition === one).length
  const choice = page.getByLabel("Partition", { exact: true })
  // Where all lie in one partition there is nothing to choose.
  if ((await choice.count()) > 0) await choose(choice, `partition ${one}`)
  const shown = (await choice.count()) > 0 ? there : 3
  await footer()
    .getByRole("button", { name: `Replay ${shown} filtered…` })
    .click()
  await footer()
    .getByRole("heading", { name: /^\d messages? would be sent/ })
    .waitFor()
  await page.getByRole("textbox", { name: /^Failed from/ }).fill("2099-01-01T00:00:00")
  await page.getByText("No dead letter fits these filters.").waitFor()
  expect(await page.getByRole("heading", { name: /would be sent/ }).count()).toBe(0)
  expect(page.url()).toContain("since=2099")
  await page.getByRole("button", { name: "Show all" }).click()
  await expect.poll(() => rows.count()).toBe(4)
})

test("keeps the fix, applies it to the others, follows it in the header, and sees them processed", async () => {
  // Another message and another tab are looked at meanwhile: the fix of the first is still there.
  const rows = page.getByRole("table", { name: "Dead letters", exact: true }).locator("tbody tr")
  const replayed = rows.filter({ hasText: "replayed" })
  await rows.filter({ hasText: "not yet" }).first().locator("[data-row]").click()
  await footer().getByRole("button", { name: "Replay all 3…" }).waitFor()
  await page.getByRole("link", { name: "Stack" }).click()
  await replayed.first().locator("[data-row]").click()
  const others = footer().getByRole("button", { name: "Apply the same fix to the other 3…" })
  await others.waitFor()
  await page.getByRole("link", { name: "Fix and replay" }).click()
  await page.getByText("1 line differs from what it was.").waitFor()
  await page.getByLabel("Messages per second").fill("1")
  await others.click()
  await footer().getByRole("button", { name: "Replay 3 messages" }).click()
  const header = page.getByRole("banner")
  await header.getByLabel("1 running job").click()
  const running = page.getByRole("dialog", { name: "1 running job" })
  await running.getByRole("link", { name: "Replay for payment" }).waitFor()
  await footer().getByText("3 of 3").waitFor()
  await header.getByLabel("1 running job").waitFor({ state: "detached" })
  await expect.poll(() => GERMAN.filter((order) => payment.captured().has(order))).toEqual(GERMAN)
  await page.getByRole("link", { name: "Comments and history" }).click()
  const replays = page.getByRole("region", { name: "Replays" })
  await expect.poll(() => replays.getByText("0 failed again").count()).toBe(2)
})

test("says that it is resolved, and why", async () => {
  await page.getByRole("button", { name: "Resolve" }).click()
  await page.getByText("resolved", { exact: true }).first().waitFor()
  await page.getByLabel("Comment", { exact: true }).fill("The parser takes a comma now.")
  await page.getByRole("button", { name: "Add comment" }).click()
  await page.getByText("The parser takes a comma now.").waitFor()
  await expectAccessible(page)
  await desk.go("/failures")
  await page.getByText(/^No open failures\./).waitFor()
  await choose(page.getByLabel("State"), /^resolved/)
  await page.getByRole("link", { name: "payment: NumberFormatException" }).waitFor()
  await expectAccessible(page)
})

test("axe finds nothing, in light and in dark, and it fits a phone", async () => {
  const { pathname } = new URL(page.url())
  await desk.go(`${pathname}?state=all`)
  await expectGoodLooks(page)
  await page.getByRole("link", { name: "payment: NumberFormatException" }).click()
  await page.getByRole("heading", { name: "payment: NumberFormatException" }).waitFor()
  await expectGoodLooks(page)
  await desk.go("/failures/rules")
  await expectGoodLooks(page)
})
