import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, inject, test } from "vitest"
import { buildBelow } from "#scripts/stack/sub-path.ts"
import { CLIENT, type OidcServer, startOidcProvider } from "#test/access/oidc-provider.ts"
import { kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { type Desk, startDesk } from "./desk.ts"
import { startNginx } from "./nginx.ts"
import { createShop, type SmallShop } from "./shop.ts"

/** Behind a real nginx with the configuration we ship: TLS ends there, and all of Signalbox is below /signalbox. */
const held = new AsyncDisposableStack()
let shop: SmallShop
let idp: OidcServer
let desk: Desk
let page: Page
/** https://localhost:PORT/signalbox */
let url: string

beforeAll(async () => {
  shop = held.use(await createShop(inject("kafkaBootstrap")))
  const root = await buildBelow("/signalbox")
  desk = held.use(
    await startDesk({
      behind: async (port) => {
        const nginx = held.use(await startNginx(port))
        return { url: nginx.url, root, settings: { SIGNALBOX_TRUSTED_PROXIES: "127.0.0.1" } }
      },
      settings: async (own) => {
        idp = held.use(await startOidcProvider(`${own}/api/auth/callback/oidc`))
        return {
          SIGNALBOX_OIDC_NAME: "Example ID",
          SIGNALBOX_OIDC_ISSUER: idp.issuer,
          SIGNALBOX_OIDC_CLIENT_ID: CLIENT.id,
          SIGNALBOX_OIDC_CLIENT_SECRET: CLIENT.secret,
          SIGNALBOX_OIDC_DEFAULT_ROLE: "viewer",
        }
      },
    }),
  )
  page = desk.page
  url = desk.world.login.url
})
afterAll(() => held.disposeAsync())

async function stranger(): Promise<Page> {
  const context = await desk.browser.newContext({ ignoreHTTPSErrors: true })
  return context.newPage()
}

test("every address that a page asks for is below the path", async () => {
  const asked: string[] = []
  page.on("request", (request) => asked.push(request.url()))
  await desk.go("/")
  await page.getByRole("heading", { name: "Overview" }).waitFor()
  for (const place of ["Lag", "Clusters", "Failures", "Audit"]) {
    await page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: place }).click()
    await page.waitForURL(`${url}/${place.toLowerCase()}**`)
  }
  expect(asked.length).toBeGreaterThan(10)
  expect(asked.filter((address) => !new URL(address).pathname.startsWith("/signalbox"))).toEqual([])
})

test("the session is only sent to Signalbox, and only over TLS", async () => {
  const cookies = (await desk.context.cookies()).filter((cookie) => cookie.name.includes("session_token"))
  expect(cookies).toMatchObject([{ path: "/signalbox", secure: true, httpOnly: true, sameSite: "Lax" }])
})

test.each(["", "/lag"])("the page at %j runs its own scripts only, and stays with TLS", async (path) => {
  const headers = await (await desk.go(path))?.allHeaders()
  expect(headers?.["content-security-policy"]).toContain("'strict-dynamic'")
  expect(headers?.["strict-transport-security"]).toContain("max-age")
})

test("a deep link leads who is signed out to sign-in and back", async () => {
  const visitor = await stranger()
  await visitor.goto(`${url}/lag?q=${shop.group}`)
  await visitor.waitForURL(`${url}/sign-in?**`)
  await visitor.locator("input[name=email]").fill(desk.world.login.email)
  await visitor.locator("input[name=password]").fill(desk.world.login.password)
  await visitor.getByRole("button", { name: "Sign in", exact: true }).click()
  await visitor.waitForURL(`${url}/lag?q=${shop.group}`)
  await visitor.getByRole("link", { name: shop.group }).waitFor()
  await visitor.getByLabel("You", { exact: true }).click()
  await visitor.getByRole("menuitem", { name: "Sign out" }).click()
  await visitor.waitForURL(`${url}/sign-in`)
  await visitor.context().close()
})

test("one signs in by OIDC and comes back to the page asked for", async () => {
  const visitor = await stranger()
  idp.person = { sub: "e", email: "eve@example.com", email_verified: true, name: "Eve", groups: [] }
  await visitor.goto(`${url}/clusters`)
  await visitor.getByRole("button", { name: "Sign in with Example ID" }).click()
  await visitor.waitForURL(`${url}/clusters`)
  idp.person = null
  const other = await stranger()
  await other.goto(`${url}/lag`)
  await other.getByRole("button", { name: "Sign in with Example ID" }).click()
  await other.waitForURL(`${url}/sign-in?**`)
  await other.getByText("The provider did not let you sign in.").waitFor()
  await visitor.context().close()
  await other.context().close()
})

test("an invitation leads to Signalbox", async () => {
  await desk.go("/settings/users?invite=true")
  await page.getByLabel("Email").fill("bob@example.com")
  await page.getByRole("button", { name: "Create link" }).click()
  const link = await page.getByRole("textbox", { name: "Link to choose a password" }).inputValue()
  expect(link).toMatch(`${url}/invite?token=`)
  const bob = await stranger()
  await bob.goto(link)
  await bob.getByText("You sign in as bob@example.com").waitFor()
  await bob.context().close()
})

test("a sweep changes the lag without a reload, within seconds of being stored", async () => {
  await desk.go(`/clusters/shop/groups/${shop.group}`)
  const facts = page.locator("dl.facts").first()
  await expect.poll(() => facts.textContent(), { timeout: 120_000 }).toContain("Lag7")
  const stream = await fromWebRole("/api/trpc/live.sweeps")
  expect(stream.headers.get("x-accel-buffering")).toBe("no")
  expect(stream.headers.get("cache-control")).toBe("no-cache, no-transform, no-store")
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }))
  await produce(kafkaClient(), shop.topic, [{ partition: 0, value: "one more" }])
  await expect.poll(() => facts.textContent()).toContain("Lag8")
  expect(await page.evaluate(() => "loadedOnce" in window)).toBe(true)
})

/** What the web role answers itself: nginx takes some headers for its own. */
async function fromWebRole(path: string): Promise<Response> {
  const cookie = (await desk.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ")
  const response = await fetch(desk.world.inside + path, { headers: { cookie } })
  await response.body?.cancel()
  return response
}

test("messages are shown and taken along as a file", async () => {
  await desk.go(`/clusters/shop/topics/${shop.topic}?tab=messages`)
  const list = page.getByRole("table", { name: "Messages" })
  await list.getByText("order 9").waitFor()
  await list.getByRole("checkbox").nth(1).check()
  await list.getByRole("checkbox").nth(2).check()
  const downloading = page.waitForEvent("download")
  await page.getByRole("button", { name: "Download 2 as CSV" }).click()
  const chosen = await readFile(await (await downloading).path(), "utf8")
  expect(chosen.trim().split(/\r?\n/)).toHaveLength(3)
  await desk.go("/audit")
  const exporting = page.waitForEvent("download")
  await page.getByRole("link", { name: "JSON Lines" }).click()
  expect(await readFile(await (await exporting).path(), "utf8")).toContain('"action"')
})

test("a saved view leads to its page, and filters keep the path", async () => {
  await desk.go("/clusters/shop/topics")
  await page.getByRole("searchbox").first().fill(shop.topic)
  await page.waitForURL(`${url}/clusters/shop/topics?q=${shop.topic}`)
  await page.getByLabel("Saved views").click()
  await page.getByLabel("Save this page as").fill("my topic")
  await page.getByRole("button", { name: "Save view" }).click()
  await page.getByRole("link", { name: "my topic" }).waitFor()
  const view = await desk.world.store.prisma.savedView.findFirstOrThrow({ select: { path: true } })
  expect(view.path).toBe(`/clusters/shop/topics?q=${shop.topic}`)
  await desk.go("/")
  await page.getByLabel("Saved views").click()
  await page.getByRole("link", { name: "my topic" }).click()
  await page.waitForURL(`${url}/clusters/shop/topics?q=${shop.topic}`)
})

test("preferences stay with Signalbox", async () => {
  await desk.go("/lag")
  await page.getByRole("button", { name: "Collapse" }).click()
  const cookies = await desk.context.cookies()
  expect(cookies.find((cookie) => cookie.name === "signalbox.narrow")).toMatchObject({ path: "/signalbox" })
})

test("programs reach the HTTP API with a token, and learn its address", async () => {
  await desk.go("/settings/tokens?new=true")
  await page.getByLabel("Name").fill("robot")
  await page.getByRole("button", { name: "Create token" }).click()
  const token = await page.getByRole("textbox", { name: "API token" }).inputValue()
  const robot = await desk.browser.newContext({ ignoreHTTPSErrors: true })
  const described = await (await robot.request.get(`${url}/api/v1/openapi.json`)).json()
  expect(described.servers).toMatchObject([{ url: `${url}/api/v1` }])
  const headers = { authorization: `Bearer ${token}` }
  expect((await robot.request.get(`${described.servers[0].url}/offsets/armed`, { headers })).status()).toBe(
    200,
  )
  expect((await robot.request.get(`${described.servers[0].url}/offsets/armed`)).status()).toBe(401)
  await robot.close()
})

test("probes are below the path too, and the address of who asks is not the proxy's", async () => {
  for (const probe of ["/healthz", "/readyz"])
    expect(await (await fetch(desk.world.inside + probe)).text()).toMatch(/^(ok|ready)\n$/)
  await desk.context.request.get(`${url}/api/audit?format=csv`, {
    headers: { "x-forwarded-for": "192.0.2.7" },
  })
  const entry = await desk.world.store.prisma.auditEntry.findFirstOrThrow({
    where: { action: "audit.export" },
    orderBy: { id: "desc" },
    select: { from: true },
  })
  expect(entry.from).toBe("192.0.2.7")
})
