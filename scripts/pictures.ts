// Makes the pictures of the docs from the running demo: npm run demo, and some minutes later npm run pictures [-- --url URL].
// What is in them is real, so it differs from time to time.
import { readFile } from "node:fs/promises"
import path from "node:path"
import { parseArgs } from "node:util"
import type { Page } from "playwright-core"
import { signIn, startBrowser } from "./browser.ts"

interface Picture {
  name: string
  scheme?: "light" | "dark"
  /** The whole page, not just what is seen of it at first. */
  whole?: boolean
  open: (page: Page) => Promise<unknown>
}

const root = path.resolve(import.meta.dirname, "..")
const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    user: { type: "string", default: "demo@signalbox.local" },
    password: { type: "string" },
    /** One of them alone. */
    only: { type: "string", default: "" },
  },
})
const password = values.password ?? (await readFile(path.join(root, ".data", "demo", "password"), "utf8"))

const go = (page: Page, address: string) => page.goto(values.url + address, { waitUntil: "load" })

const PICTURES: Picture[] = [
  { name: "overview", open: (page) => go(page, "/") },
  { name: "lag-dark", scheme: "dark", open: (page) => go(page, "/lag") },
  {
    name: "group",
    open: async (page) => {
      await go(page, "/clusters/shop/groups/billing?from=now-15m")
      await page.locator(".uplot").first().waitFor()
    },
  },
  {
    name: "reset-plan",
    open: async (page) => {
      await go(page, "/clusters/shop/groups/billing/offsets?to=back&back=7200000")
      await page.getByRole("button", { name: "Preview" }).click()
      await page.getByRole("heading", { name: "Partitions" }).waitFor()
      await page.getByRole("main").getByRole("button", { name: "Open", exact: true }).first().click()
    },
  },
  {
    name: "messages",
    open: async (page) => {
      await go(page, "/clusters/shop/topics/orders?tab=messages")
      await page.locator("tbody [data-row]").first().click()
      await page.getByRole("region", { name: "Message", exact: true }).waitFor()
    },
  },
  {
    name: "failure",
    whole: true,
    open: async (page) => {
      await go(page, "/failures")
      await page.locator("tbody a").first().click()
      await page.getByRole("heading", { name: "Original", exact: true }).waitFor()
      // It measures its lines when it is seen.
      await page.locator(".code-editor").first().scrollIntoViewIfNeeded()
      await page.waitForTimeout(500)
      await page.evaluate(() => window.scrollTo(0, 0))
    },
  },
  {
    name: "alerts",
    open: async (page) => {
      await go(page, "/alerts")
      await page.locator(".alert-card .sparkline").first().waitFor()
    },
  },
  {
    name: "alert",
    open: async (page) => {
      await go(page, "/alerts")
      await page.getByRole("link", { name: /^billing has been stopped/ }).click()
      await page.getByRole("heading", { name: "Consumer group stopped" }).waitFor()
      await page.locator(".uplot").first().waitFor()
    },
  },
  {
    name: "alert-rule",
    open: async (page) => {
      await go(page, "/alerts/rules/new?signal=lag&cluster=shop")
      await page.getByLabel("Threshold").fill("1000")
      await page.getByLabel("Clears at").fill("200")
      await page.getByText(/Would (not )?have fired/).waitFor()
      await page.locator(".uplot").first().waitFor()
    },
  },
  { name: "alert-channels", open: (page) => go(page, "/alerts?tab=channels") },
  ...["overview", "group", "service", "operation", "trace", "message"].map((name, clicks) => ({
    name: `slow-order-${clicks + 1}-${name}`,
    open: (page: Page) => followSlowOrder(page, clicks),
  })),
]

/** docs/stories/slow-order.md: from the group that lags to the message that is the cause, as far as so many clicks lead. */
async function followSlowOrder(page: Page, clicks: number): Promise<void> {
  await go(page, "/?from=now-15m")
  const table = (name: string) => page.getByRole("table", { name, exact: true })
  const group = table("Top lagging groups").getByRole("link", { name: "fraud", exact: true })
  const consumed = table("Operations").getByRole("row").filter({ hasText: "consumer" }).first()
  const links = [
    group,
    table("Services").getByRole("link", { name: "fraud", exact: true }),
    consumed.getByRole("link").first(),
    table("Spans found").locator("tbody tr").first().getByRole("link"),
    page.getByRole("link", { name: /^Open (the )?message\b/ }).first(),
  ]
  await group.waitFor()
  for (const link of links.slice(0, clicks)) await link.click()
  await links[clicks]?.waitFor()
  if (clicks < links.length) return
  // The trace has a part of this name, too.
  await page.waitForURL(/\/topics\//)
  await page.getByRole("table", { name: "Messages" }).waitFor()
  await page.getByRole("region", { name: "Message", exact: true }).waitFor()
}

await using browser = await startBrowser()
for (const { name, scheme, whole, open } of PICTURES) {
  if (!name.startsWith(values.only)) continue
  const context = await browser.newContext({
    colorScheme: scheme ?? "light",
    viewport: { width: 1440, height: 900 },
  })
  const page = await context.newPage()
  await signIn(page, { url: values.url, email: values.user, password: password.trim() })
  await open(page)
  await page.locator(".skeleton").first().waitFor({ state: "detached" })
  await page.getByText("live", { exact: true }).first().waitFor()
  await page.waitForTimeout(700)
  const file = path.join(root, "docs", "pictures", `${name}.png`)
  await page.screenshot({ path: file, fullPage: whole ?? false })
  console.log(path.relative(root, file))
  await context.close()
}
