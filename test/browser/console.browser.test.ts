import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
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

test("a connection is mended on its page: the secret stays here, and the collector goes on by itself", async () => {
  await go("/clusters/new")
  await page.getByLabel("Name", { exact: true }).fill("mended")
  await page.getByLabel("Environment").fill("staging")
  await page.getByLabel("Bootstrap servers").fill("127.0.0.1:1")
  await choose(page.getByLabel("Authentication (SASL)"), "PLAIN")
  await page.getByLabel("User name", { exact: true }).fill("ada")
  await page.getByLabel("Password", { exact: true }).fill("only here")
  await page.getByRole("button", { name: "Test connection" }).click()
  await page.getByRole("button", { name: "Connect anyway" }).click()
  await page.getByRole("heading", { name: "mended" }).waitFor()
  await page.getByTitle("Environment: staging").waitFor()
  await page.getByRole("navigation", { name: "Cluster" }).getByRole("link", { name: "Connection" }).click()
  await expect.poll(() => page.getByLabel("User name", { exact: true }).inputValue()).toBe("ada")
  expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("")
  expect(await page.content()).not.toContain("only here")
  expect(await page.getByLabel("Environment").inputValue()).toBe("staging")
  await page.getByLabel("Environment").fill("production")
  await page.getByLabel("Bootstrap servers").fill(inject("kafkaBootstrap").join(","))
  await choose(page.getByLabel("Authentication (SASL)"), "none")
  await page.getByRole("button", { name: "Test connection" }).click()
  await page.getByRole("button", { name: "Save", exact: true }).click()
  await page.getByRole("region", { name: "Brokers" }).waitFor()
  await page.getByTitle("Environment: production").waitFor()
  await expect.poll(() => page.locator("tbody tr").count()).toBe(3)
})

test("a cluster of the file is shown, and says where it is changed", async () => {
  await go("/clusters/shop/connection")
  await page.getByText("comes from signalbox.yaml").first().waitFor()
  expect(await page.getByLabel("Bootstrap servers").isDisabled()).toBe(true)
})

const clustersTable = () => page.getByRole("table", { name: "Clusters" })

test("the cluster filter is in the address, goes along, and narrows what is listed", async () => {
  await go("/")
  await clustersTable().getByRole("link", { name: "shop", exact: true }).waitFor()
  await page.getByRole("button", { name: "Clusters: all" }).click()
  await page.getByRole("checkbox", { name: "mended" }).check()
  await expect.poll(() => page.url()).toContain("clusters=mended")
  await expect.poll(() => clustersTable().getByRole("link", { name: "shop" }).count()).toBe(0)
  await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: "Lag" }).click()
  await page.getByRole("heading", { name: "Consumer lag" }).waitFor()
  expect(page.url()).toContain("clusters=mended")
  await go(`/lag?clusters=shop&q=${shop.group}`)
  await page.getByRole("link", { name: shop.group }).waitFor()
  expect(await page.locator("tbody tr").count()).toBe(1)
})

test("a view that was saved leads back to the page as it was", async () => {
  await go(`/clusters/shop/topics?q=${shop.topic}`)
  await page.getByLabel("Saved views").click()
  await page.getByLabel("Save this page as").fill("my topic")
  await page.getByRole("button", { name: "Save view" }).click()
  await page.getByRole("link", { name: "my topic" }).waitFor()
  await go("/")
  await page.getByLabel("Saved views").click()
  await page.getByRole("link", { name: "my topic" }).click()
  await expect.poll(() => page.url()).toContain(`/clusters/shop/topics?q=${shop.topic}`)
  await page.getByLabel("Saved views").click()
  await page.getByRole("button", { name: "Delete the view my topic" }).click()
  await expect.poll(() => page.getByRole("link", { name: "my topic" }).count()).toBe(0)
})

test("rows are reached by j and k, opened by Enter, and / goes to the filter", async () => {
  await go(`/lag?q=${shop.group}&clusters=shop`)
  await page.getByRole("link", { name: shop.group }).waitFor()
  // Pressed again until the page has come alive: its first rows come from the server.
  const pressSlash = async () => {
    await page.keyboard.press("/")
    return page.evaluate(() => document.activeElement?.getAttribute("type"))
  }
  await expect.poll(pressSlash).toBe("search")
  await page.locator("h1").click()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press("j")
  await page.keyboard.press("Enter")
  await page.getByRole("heading", { name: shop.group }).waitFor()
})

test("the left bar stays as narrow as it was left, from the first paint on", async () => {
  await go("/")
  await page.getByRole("button", { name: "Collapse" }).click()
  const response = await go("/lag")
  expect(await response?.text()).toContain("data-narrow")
  await page.getByRole("button", { name: "Expand" }).click()
})

test("what is chosen of light and dark arrives with the page", async () => {
  await go("/")
  await page.getByLabel("You", { exact: true }).click()
  await page.getByRole("menuitemradio", { name: "Dark" }).click()
  const response = await go("/lag")
  expect(await response?.text()).toContain('data-scheme="dark"')
  await page.getByLabel("You", { exact: true }).click()
  await page.getByRole("menuitemradio", { name: "System" }).click()
})
