import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { type Desk, startDesk } from "./desk.ts"
import { expectGoodLooks } from "./looks.ts"
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

const go = (address: string) => desk.go(address)

test("who is not signed in sees nothing but the way in, and comes back to the page asked for", async () => {
  const stranger = await (await desk.browser.newContext()).newPage()
  await stranger.goto(`${desk.world.login.url}/lag?q=${shop.group}`)
  expect(new URL(stranger.url()).pathname).toBe("/sign-in")
  await stranger.locator("input[name=email]").fill(desk.world.login.email)
  await stranger.locator("input[name=password]").fill(desk.world.login.password)
  await stranger.getByRole("button", { name: "Sign in" }).click()
  await stranger.getByRole("heading", { name: "Consumer lag" }).waitFor()
  expect(stranger.url()).toContain(shop.group)
  await stranger.context().close()
})

test("the group's page shows the lag that was left behind", async () => {
  await go(`/clusters/shop/groups/${shop.group}`)
  await page.getByRole("heading", { name: shop.group }).waitFor()
  await expect.poll(() => page.locator("dl.facts").first().textContent()).toContain("Lag7")
  await page.getByRole("cell", { name: "7", exact: true }).first().waitFor()
})

test("filtering, sorting and going back live in the address", async () => {
  await go("/clusters/shop/topics")
  await page.getByRole("searchbox").fill(shop.topic)
  await expect.poll(() => page.url()).toContain(`q=${shop.topic}`)
  await expect.poll(() => page.locator("tbody tr").count()).toBe(1)
  await page.getByRole("button", { name: "Partitions" }).click()
  await expect.poll(() => page.url()).toContain("sort=partitions")
  expect(await page.locator("th", { hasText: "Partitions" }).getAttribute("aria-sort")).toBe("descending")
  await page.goBack()
  await expect.poll(() => page.url()).not.toContain("sort=")
})

test("the keyboard finds a topic and opens it", async () => {
  await go("/")
  await page.getByRole("heading", { name: "Overview" }).waitFor()
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: "Search for" }).fill(shop.topic)
  await page.getByRole("option", { name: shop.topic }).waitFor()
  await page.keyboard.press("Enter")
  await page.getByRole("heading", { name: shop.topic }).waitFor()
  await page.keyboard.press("g")
  await page.keyboard.press("l")
  await page.getByRole("heading", { name: "Consumer lag" }).waitFor()
  await page.keyboard.press("?")
  await page.getByRole("dialog", { name: "Help" }).waitFor()
  await page.keyboard.press("Escape")
})

test("a connection that cannot work says which step fails, one that works is kept", async () => {
  await go("/clusters/new")
  await page.getByLabel("Name", { exact: true }).fill("second view")
  await page.getByLabel("Bootstrap servers").fill("127.0.0.1:1")
  await page.getByRole("button", { name: "Test connection" }).click()
  const steps = page.getByRole("list", { name: "Connection test" })
  await expect.poll(() => steps.textContent()).toContain("failed")
  expect(await steps.locator("li", { hasText: "TCP connection" }).textContent()).toContain("failed")
  await page.getByLabel("Bootstrap servers").fill(inject("kafkaBootstrap").join(", "))
  await page.getByRole("button", { name: "Test connection" }).click()
  await page.getByRole("button", { name: "Connect", exact: true }).click()
  await page.getByRole("heading", { name: "second view" }).waitFor()
  await page.getByText("Disconnect this cluster").click()
  const disconnect = page.getByRole("button", { name: "Disconnect" })
  expect(await disconnect.isDisabled()).toBe(true)
  await page.getByLabel("to confirm").fill("second view")
  await disconnect.click()
  await page.getByRole("heading", { name: "Clusters" }).waitFor()
  await expect.poll(() => page.getByRole("link", { name: "second view" }).count()).toBe(0)
})

test("every chart has its table", async () => {
  await go(`/clusters/shop/topics/${shop.topic}`)
  const chart = page.getByRole("figure", { name: "Messages kept" })
  await chart.getByRole("button", { name: "Table" }).click()
  await expect.poll(() => chart.locator("tbody tr").count()).toBeGreaterThan(1)
})

const ADDRESSES = [
  "/",
  "/lag",
  "/clusters",
  "/clusters/new",
  "/clusters/shop",
  "/clusters/shop/topics",
  "/clusters/shop/topics/TOPIC",
  "/clusters/shop/topics/TOPIC?tab=consumers",
  "/clusters/shop/topics/TOPIC?tab=partitions",
  "/clusters/shop/topics/TOPIC?tab=config",
  "/clusters/shop/groups",
  "/clusters/shop/groups/GROUP",
  "/clusters/shop/groups/GROUP?tab=members",
  "/no/such/page",
  "/sign-in",
]

test.for(ADDRESSES)("axe finds nothing, and nothing is wider than a phone, on %s", async (address) => {
  await go(address.replace("TOPIC", shop.topic).replace("GROUP", shop.group))
  await expectGoodLooks(page)
})
