import type { Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ensureDefaultRules } from "#server/alerts/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { type Desk, startDesk } from "./desk.ts"
import { type FailingPayment, failingPayment } from "./failing-payment.ts"

/**
 * The five tasks for which one opens Signalbox at night, without a mouse: here nothing is clicked, and nothing gets the
 * focus but by keys.
 */
const stack = new AsyncDisposableStack()
let payment: FailingPayment
let desk: Desk
let page: Page
const [topic, group] = [unique("parcels"), unique("shipping")]

beforeAll(async () => {
  payment = stack.use(await failingPayment(["12,50", "19.90"]))
  const kafka = kafkaClient(payment.bootstrap)
  await createTopic(kafka, topic, { partitions: 1 })
  await produce(
    kafka,
    topic,
    Array.from({ length: 10 }, (_, i) => ({ partition: 0, value: `parcel ${i}` })),
  )
  await commit(kafka, group, { topic, offsets: { 0: 3 } })
  desk = stack.use(await startDesk({ bootstrap: payment.bootstrap }))
  await ensureDefaultRules(desk.world.store)
  page = desk.page
})

afterAll(() => stack.disposeAsync())

/** More steps than this nobody takes. */
const MAX_STEPS = 80

const press = (key: string) => page.keyboard.press(key)

const hasFocus = (target: Locator) =>
  target.evaluateAll((found) => found.some((one) => one === document.activeElement))

/** Goes on by Tab until one of these has the focus; it must be seen there. */
async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.first().waitFor()
  const passed: string[] = []
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (await hasFocus(target)) return expectSeen()
    await press(key)
    passed.push(
      await page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 30) ?? "nothing"),
    )
  }
  throw new Error(`Tab does not get there: ${passed.join(" · ")}`)
}

/** What has the focus is drawn as such, and within the window. */
async function expectSeen(): Promise<void> {
  const seen = await page.evaluate(() => {
    // The editor draws its frame for what is in it.
    const found = document.activeElement?.closest(".cm-editor") ?? document.activeElement
    if (!found) return false
    const { top, bottom } = found.getBoundingClientRect()
    const { outlineStyle, boxShadow, backgroundImage } = getComputedStyle(found)
    const isDrawn = outlineStyle !== "none" || boxShadow !== "none" || backgroundImage !== "none"
    return isDrawn && bottom > 0 && top < innerHeight
  })
  expect(seen, "the focus is seen").toBe(true)
}

/** From the first link of the page past all that every page has. */
async function skip(): Promise<void> {
  await tabTo(page.getByRole("link", { name: "Skip to content" }))
  await press("Enter")
  expect(await hasFocus(page.getByRole("main"))).toBe(true)
}

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true })
const link = (name: string | RegExp) => page.getByRole("link", { name, exact: true })
const heading = (name: string | RegExp) => page.getByRole("heading", { name }).first().waitFor()

test("finds the group that lags", async () => {
  await desk.go("/")
  await heading("Overview")
  await page.locator("[data-row], tbody tr").first().waitFor()
  await press("g")
  await press("l")
  await heading("Consumer lag")
  await press("/")
  await page.keyboard.type(group)
  await expect.poll(() => page.locator("main tbody tr").count()).toBe(1)
  await tabTo(link(group))
  await press("Enter")
  await heading(group)
  await expect.poll(() => page.locator("dl.facts").first().textContent()).toContain("Lag7")
})

test("resets its offsets: is told what is missing, previews, and applies", async () => {
  await tabTo(link("Reset offsets"))
  await press("Enter")
  await heading(`Reset offsets of ${group}`)
  await tabTo(button("Preview"))
  await press("Enter")
  await page.getByText("Choose a date and a time.").waitFor()
  await expect.poll(() => hasFocus(page.getByRole("textbox", { name: /^Date and time/ }))).toBe(true)
  const where = page.getByRole("combobox", { name: "Move to" })
  await tabTo(where, "Shift+Tab")
  await press("Enter")
  await page.getByRole("option", { name: "the earliest message" }).waitFor()
  await press("ArrowDown")
  await press("ArrowDown")
  await press("Enter")
  await expect.poll(() => page.url()).toContain("to=earliest")
  await tabTo(button("Preview"))
  await press("Enter")
  await page.getByText(`3 messages are read again by ${group}.`).waitFor()
  await tabTo(button("Apply"))
  await press("Enter")
  await page.getByText("1 of 1 partitions were updated and verified.").waitFor()
})

test("opens a message, goes to the next one, and comes back to the list", async () => {
  await desk.go(`/clusters/shop/topics/${topic}`)
  await skip()
  await tabTo(link("Messages"))
  await press("Enter")
  const lines = page.getByRole("table", { name: "Messages" }).locator("[data-row]")
  await lines.first().waitFor()
  await press("j")
  expect(await hasFocus(lines.first())).toBe(true)
  await press("Enter")
  const drawer = page.getByRole("dialog", { name: /^Partition 0, offset 9/ })
  await drawer.getByText("parcel 9").waitFor()
  await expect.poll(() => drawer.evaluate((one) => one.contains(document.activeElement))).toBe(true)
  await press("j")
  await page
    .getByRole("dialog", { name: /^Partition 0, offset 8/ })
    .getByText("parcel 8")
    .waitFor()
  await press("Escape")
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0)
  await expect
    .poll(() => lines.evaluateAll((all) => all.some((one) => one === document.activeElement)))
    .toBe(true)
})

test("fixes and replays a failure", async () => {
  await press("g")
  await press("f")
  await heading("Failures")
  await link("payment: NumberFormatException").waitFor()
  await press("j")
  await press("Enter")
  await heading("payment: NumberFormatException")
  await tabTo(link("Fix and replay"))
  await press("Enter")
  const editor = page.locator(".code-editor").getByRole("textbox", { name: "Value", exact: true })
  await tabTo(editor)
  const text = (await editor.locator(".cm-line").allInnerTexts()).join("\n")
  await press("Control+a")
  await page.keyboard.insertText(text.replace("12,50", "12.50"))
  await page.getByText("1 line differs from what it was.").waitFor()
  await tabTo(button("Replay 1 with this fix…"))
  await press("Enter")
  await button("Replay 1 message").waitFor()
  await tabTo(button("Replay 1 message"))
  await press("Enter")
  await page.getByText("1 of 1").first().waitFor()
  await expect.poll(() => payment.captured().has("o-0")).toBe(true)
})

test("acknowledges an alert, and silences it", async () => {
  await press("g")
  await press("a")
  await heading("Alerts")
  const fails = page
    .getByRole("list", { name: "Firing alerts" })
    .getByRole("listitem")
    .filter({ hasText: "NumberFormatException" })
  await fails.first().waitFor({ timeout: 120_000 })
  await page.reload()
  await skip()
  await tabTo(fails.getByRole("button", { name: /^Acknowledge/ }))
  await press("Enter")
  await fails.getByText(/^acknowledged by/).waitFor()
  await tabTo(fails.getByRole("link", { name: /^Silence/ }))
  await press("Enter")
  await heading("New silence")
  await tabTo(button("Silence"))
  await press("Enter")
  await page.getByText("Enter a reason, for whoever sees the silence.").waitFor()
  await expect.poll(() => hasFocus(page.getByRole("textbox", { name: "Why" }))).toBe(true)
  await page.keyboard.type("the parser is being fixed")
  await press("Enter")
  await page
    .getByRole("region", { name: "Silences", exact: true })
    .getByText("the parser is being fixed")
    .waitFor()
})
