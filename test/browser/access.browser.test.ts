import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { signIn } from "#scripts/browser.ts"
import { CLIENT, type OidcServer, startOidcProvider } from "#test/access/oidc-provider.ts"
import { choose } from "./choose.ts"
import { type Desk, startDesk } from "./desk.ts"
import { expectAccessible, expectGoodLooks } from "./looks.ts"

const held = new AsyncDisposableStack()
let desk: Desk
let idp: OidcServer
let page: Page

beforeAll(async () => {
  const settings = async (url: string) => {
    idp = held.use(await startOidcProvider(`${url}/api/auth/callback/oidc`))
    return {
      SIGNALBOX_OIDC_NAME: "Example ID",
      SIGNALBOX_OIDC_ISSUER: idp.issuer,
      SIGNALBOX_OIDC_CLIENT_ID: CLIENT.id,
      SIGNALBOX_OIDC_CLIENT_SECRET: CLIENT.secret,
      SIGNALBOX_OIDC_SCOPES: "openid email profile groups",
      SIGNALBOX_OIDC_ROLES: "sre=operator",
    }
  }
  desk = held.use(await startDesk({ roles: ["web"], settings }))
  page = desk.page
})
afterAll(() => held.disposeAsync())

const go = (address: string, on = page) => desk.go(address, on)

test("an administrator invites Bob, who chooses a password and may look, but not manage", async () => {
  await go("/settings/users")
  await page.getByRole("button", { name: "Invite" }).click()
  await page.getByLabel("Email").fill("bob@example.com")
  await choose(
    page.getByRole("combobox", { name: "Role on all clusters" }),
    "none: only on the clusters below",
  )
  await choose(page.getByRole("combobox", { name: "Add a role on one cluster" }), "shop")
  await page.getByRole("button", { name: "Create link" }).click()
  const link = await page.getByRole("textbox", { name: "Link to choose a password" }).inputValue()
  await page.getByRole("cell", { name: "viewer on shop" }).waitFor()
  const bob = await (await desk.browser.newContext()).newPage()
  await bob.goto(link)
  await bob.getByText("You sign in as bob@example.com").waitFor()
  await bob.getByLabel("Name").fill("Bob")
  await bob.getByLabel("Password").fill("the password of bob")
  await bob.getByRole("button", { name: "Set password" }).click()
  await bob.getByRole("heading", { name: "Sign in to Signalbox" }).waitFor()
  await signIn(bob, { ...desk.world.login, email: "bob@example.com", password: "the password of bob" })
  await bob.getByRole("link", { name: "shop", exact: true }).waitFor()
  await go("/settings/users", bob)
  await bob.getByText("This needs the role admin; you have no role there.").waitFor()
  await go("/audit", bob)
  await bob.getByText("This needs the role admin; yours is viewer.").waitFor()
  await bob.goto(link)
  await bob.getByText("This link is no longer valid").waitFor()
  await bob.context().close()
})

test("roles are changed, and the last administrator is kept", async () => {
  await go("/settings/users?user=bob%40example.com")
  const bob = page.getByRole("region", { name: "bob@example.com" })
  await choose(bob.getByRole("combobox", { name: "Role on all clusters" }), "operator")
  await bob.getByRole("button", { name: "Save roles" }).click()
  await page.getByRole("cell", { name: "operator, viewer on shop" }).waitFor()
  await bob.getByRole("button", { name: "Disable" }).click()
  await bob.getByRole("button", { name: "Enable" }).waitFor()
  await go("/settings/users?user=ada%40example.com")
  const ada = page.getByRole("region", { name: "ada@example.com" })
  await ada.getByRole("button", { name: "Disable" }).click()
  await ada.getByText("ada@example.com is the last administrator").waitFor()
})

test("a token is shown once, serves, and is revoked", async () => {
  await go("/settings/tokens")
  await page.getByRole("button", { name: "New token" }).click()
  await page.getByLabel("Name").fill("robot")
  await page.getByRole("button", { name: "Create token" }).click()
  const token = await page.getByRole("textbox", { name: "API token" }).inputValue()
  const ask = () =>
    fetch(`${desk.world.login.url}/api/trpc/access.me`, { headers: { authorization: `Bearer ${token}` } })
  expect((await ask()).status).toBe(200)
  await page.reload()
  await page.getByRole("button", { name: "Revoke robot" }).waitFor()
  expect(await page.content()).not.toContain(token)
  await page.getByRole("button", { name: "Revoke robot" }).click()
  await page.getByRole("cell", { name: "revoked" }).waitFor()
  expect((await ask()).status).toBe(401)
})

test("the audit log finds what was done, shows before and after, and is taken along as a file", async () => {
  await go("/audit")
  await page.getByRole("searchbox", { name: "What" }).fill("user.edit")
  await expect.poll(() => page.url()).toContain("what=user.edit")
  await expect.poll(() => page.locator("tbody tr").count()).toBe(3)
  await choose(page.getByRole("combobox", { name: "Result" }), "failed")
  await expect.poll(() => page.locator("tbody tr").count()).toBe(1)
  await page.getByText("is the last administrator").waitFor()
  await choose(page.getByRole("combobox", { name: "Result" }), "ok")
  await expect.poll(() => page.locator("tbody tr").count()).toBe(2)
  await page.locator("tbody tr").last().getByRole("button").click()
  const changes = page.getByRole("table", { name: "Before and after" })
  await changes.getByRole("row", { name: "role null operator" }).waitFor()
  const downloading = page.waitForEvent("download")
  await page.getByRole("link", { name: "CSV" }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^signalbox-audit-.*\.csv$/)
  const text = await readFile(await download.path(), "utf8")
  expect(text.trim().split("\r\n")).toHaveLength(3)
  expect(text).toContain("bob@example.com")
})

test("one signs in by OIDC, and is told when that does not do", async () => {
  const eve = await (await desk.browser.newContext()).newPage()
  idp.person = { sub: "e", email: "eve@example.com", email_verified: true, name: "Eve", groups: [] }
  await go("/lag", eve)
  await eve.getByRole("button", { name: "Sign in with Example ID" }).click()
  await eve.getByText("None of your groups has a role in Signalbox").waitFor()
  idp.person = { ...idp.person, groups: ["sre"] }
  await go("/lag", eve)
  await eve.getByRole("button", { name: "Sign in with Example ID" }).click()
  await eve.getByRole("heading", { name: "Consumer lag" }).waitFor()
  await go("/settings/account", eve)
  await eve.getByText("Signed in as eve@example.com (operator).").waitFor()
  await eve.context().close()
})

test("one's sessions are listed and ended, and the password is changed", async () => {
  const other = await (await desk.browser.newContext()).newPage()
  await signIn(other, desk.world.login)
  await go("/settings/account")
  await page.getByRole("button", { name: "Sign out", exact: true }).click()
  await expect.poll(() => page.getByRole("button", { name: "Sign out", exact: true }).count()).toBe(0)
  await go("/lag", other)
  await other.getByRole("heading", { name: "Sign in to Signalbox" }).waitFor()
  await other.context().close()
  await page.getByLabel("Current password").fill(desk.world.login.password)
  await page.getByLabel("New password").fill("the next long password")
  await page.getByRole("button", { name: "Change password" }).click()
  await page.getByText("The password is changed.").waitFor()
})

const ADDRESSES = [
  "/settings/account",
  "/settings/users",
  "/settings/users?user=bob%40example.com",
  "/settings/users?invite=true",
  "/settings/tokens",
  "/settings/tokens?new=true",
  "/audit",
  "/audit?entry=1",
]

test.for(ADDRESSES)("axe finds nothing, and nothing is wider than a phone, on %s", async (address) => {
  await go(address)
  await expectGoodLooks(page)
})

test("the ways in are clean too, with the sign-in by OIDC and a link that is not valid", async () => {
  const stranger = await (await desk.browser.newContext()).newPage()
  for (const address of ["/sign-in?error=no_role", "/invite?token=none"]) {
    await go(address, stranger)
    await stranger.getByRole("alert").first().waitFor()
    await expectAccessible(stranger)
  }
  await stranger.context().close()
})
