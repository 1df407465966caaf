import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createUser } from "#server/access/users.ts"
import { createContext } from "#server/trpc/context.ts"
import { GET, POST } from "../../app/api/auth/[...all]/route.ts"
import { CLIENT, type OidcServer, type Person, startOidcProvider } from "./oidc-provider.ts"
import { askAuth, cookieOf, ORIGIN, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
const CALLBACK = `${ORIGIN}/api/auth/callback/oidc`
const eve: Person = {
  sub: "eve-1",
  email: "eve@example.org",
  email_verified: true,
  name: "Eve",
  groups: ["sre", "everybody"],
}
let idp: OidcServer
let world: World

beforeAll(async () => {
  idp = await startOidcProvider(CALLBACK)
  Object.assign(process.env, {
    SIGNALBOX_OIDC_ISSUER: idp.issuer,
    SIGNALBOX_OIDC_CLIENT_ID: CLIENT.id,
    SIGNALBOX_OIDC_CLIENT_SECRET: CLIENT.secret,
    SIGNALBOX_OIDC_SCOPES: "openid email profile groups",
    SIGNALBOX_OIDC_ROLES: "sre=operator, dev=viewer, dev=admin@prod-eu, gone=viewer@nowhere",
  })
  world = await webWorld()
  await world.web.store.prisma.cluster.create({
    data: { slug: "prod-eu", name: "prod-eu", system: "kafka", source: "page", connection: "sealed" },
  })
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await idp[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await world.web.store.prisma.user.deleteMany()
  await world.web.store.prisma.rateLimit.deleteMany()
  idp.person = { ...eve }
})

describe("signing in by OIDC", () => {
  it("comes back to the page asked for, signed in, with the roles of one's groups", async () => {
    const { cookie, location } = await signIn("/lag?q=x")
    expect(location).toBe("/lag?q=x")
    expect(await actorOf(cookie)).toMatchObject({ email: eve.email, role: "operator", clusters: {} })
    expect(await acts()).toEqual(["access.sign-in eve@example.org ok", "user.map eve@example.org ok"])
  })

  it("asks the provider with PKCE, state and nonce, for a code", async () => {
    const { url } = await start()
    const asked = Object.fromEntries(url.searchParams)
    expect(asked).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      client_id: CLIENT.id,
    })
    for (const name of ["state", "nonce", "code_challenge"]) expect(asked[name]).toMatch(/^[\w-]{20,}$/)
    expect(asked.redirect_uri).toBe(CALLBACK)
  })

  it("applies the groups at each sign-in, per cluster too, and leaves out clusters that are not there", async () => {
    await signIn()
    idp.person = { ...eve, groups: ["dev", "gone"] }
    const { cookie } = await signIn()
    expect(await actorOf(cookie)).toMatchObject({ role: "viewer", clusters: { "prod-eu": "admin" } })
    const entry = await world.web.store.prisma.auditEntry.findFirst({
      where: { action: "user.map" },
      orderBy: { id: "desc" },
    })
    expect([entry?.before, entry?.after]).toEqual([
      { role: "operator", clusters: {} },
      { role: "viewer", clusters: { "prod-eu": "admin" } },
    ])
  })

  it("refuses who is in no group with a role, stores nothing, and says so", async () => {
    idp.person = { ...eve, groups: ["everybody"] }
    const { cookie, location } = await signIn()
    expect(new URL(location, ORIGIN).pathname).toBe("/sign-in")
    expect(location).toContain("error=no_role")
    expect(await actorOf(cookie)).toEqual({ kind: "nobody" })
    expect(await world.web.store.prisma.user.count()).toBe(0)
    expect(await acts()).toEqual(["access.sign-in eve@example.org refused"])
  })

  it("refuses who was disabled", async () => {
    await signIn()
    await world.web.store.prisma.user.updateMany({ data: { disabledAt: new Date() } })
    const { cookie, location } = await signIn()
    expect(location).toContain("error=disabled")
    expect(await actorOf(cookie)).toEqual({ kind: "nobody" })
  })

  it("is the invited person's when the provider vouches for the address, else refused", async () => {
    await createUser(world.web.store, { ...eve, password: "a long enough one", role: "viewer" })
    idp.person = { ...eve, email_verified: false }
    expect((await signIn()).location).toContain("error=account_not_linked")
    idp.person = { ...eve }
    expect(await actorOf((await signIn()).cookie)).toMatchObject({ email: eve.email, role: "operator" })
    expect(await world.web.store.prisma.user.count()).toBe(1)
  })

  it("keeps no token of the provider", async () => {
    await signIn()
    await signIn()
    const accounts = await world.web.store.prisma.account.findMany()
    expect(accounts).toMatchObject([
      { providerId: "oidc", accessToken: null, refreshToken: null, idToken: null },
    ])
  })

  it("that was cancelled at the provider says so", async () => {
    idp.person = null
    expect((await signIn()).location).toContain("error=access_denied")
  })
})

describe("a forged answer", () => {
  it("with another state is refused", async () => {
    const { url, cookie } = await start()
    const back = await atProvider(url)
    back.searchParams.set("state", "forged-state-forged-state-forged")
    await expectNobody(await callback(back, cookie))
  })

  it("that another browser began is refused: its cookie is missing", async () => {
    const { url } = await start()
    await expectNobody(await callback(await atProvider(url), ""))
  })

  it("with an ID token for another nonce is refused", async () => {
    const { url, cookie } = await start()
    url.searchParams.set("nonce", "a-nonce-of-the-attackers-own-making")
    await expectNobody(await callback(await atProvider(url), cookie))
  })

  it("with another's code is refused by PKCE", async () => {
    const [mine, theirs] = [await start(), await start()]
    const [back, stolen] = [await atProvider(mine.url), await atProvider(theirs.url)]
    back.searchParams.set("code", stolen.searchParams.get("code") ?? "")
    await expectNobody(await callback(back, mine.cookie))
  })

  it("sent twice is refused the second time", async () => {
    const { url, cookie } = await start()
    const back = await atProvider(url)
    expect(cookieOf(await callback(back, cookie))).toContain("session_token")
    await expectNobody(await callback(back, cookie))
  })

  it.each([
    { provider: "oidc", callbackURL: "https://evil.example/", errorCallbackURL: "/sign-in" },
    { provider: "oidc", callbackURL: "/", errorCallbackURL: "/sign-in", idToken: { token: "x" } },
    { provider: "oidc", callbackURL: "/", errorCallbackURL: "/sign-in", scopes: ["more"] },
    { provider: "google", callbackURL: "/", errorCallbackURL: "/sign-in" },
  ])("begins nothing: %j", async (body) => {
    expect((await askAuth("sign-in/social", body)).status).toBe(400)
  })
})

async function signIn(next = "/"): Promise<{ cookie: string; location: string }> {
  const { url, cookie } = await start(next)
  const response = await callback(await atProvider(url), cookie)
  return { cookie: cookieOf(response), location: response.headers.get("location") ?? "" }
}

/** Begins at Signalbox: where the browser goes, and the cookie it keeps. */
async function start(next = "/"): Promise<{ url: URL; cookie: string }> {
  const response = await askAuth("sign-in/social", {
    provider: "oidc",
    callbackURL: next,
    errorCallbackURL: "/sign-in",
  })
  const { url } = (await response.json()) as { url: string }
  return { url: new URL(url), cookie: cookieOf(response) }
}

/** Follows the provider's redirects as a browser does, up to the one that leads back. */
async function atProvider(from: URL): Promise<URL> {
  const jar = new Map<string, string>()
  let url = from
  while (!url.href.startsWith(CALLBACK)) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ")
    const response = await fetch(url, { redirect: "manual", headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    const next = response.headers.get("location")
    if (!next) throw new Error(`the provider stopped with ${response.status}: ${await response.text()}`)
    url = new URL(next, url)
  }
  return url
}

function callback(url: URL, cookie: string): Promise<Response> {
  return GET(new Request(url, { headers: { cookie, host: "localhost:3000" } }))
}

async function expectNobody(response: Response): Promise<void> {
  expect(cookieOf(response)).not.toContain("session_token=ey")
  expect(await actorOf(cookieOf(response))).toEqual({ kind: "nobody" })
  expect(response.headers.get("location")).toContain("error=")
}

async function actorOf(cookie: string) {
  return (await createContext(new Headers({ cookie }))).actor
}

/** Of the latest sign-in. */
async function acts(): Promise<string[]> {
  const rows = await world.web.store.prisma.auditEntry.findMany({ orderBy: { id: "desc" }, take: 2 })
  const fresh = rows.filter(({ at }) => at.getTime() > began)
  return fresh.map(({ action, target, result }) => `${action} ${target} ${result}`)
}

let began = 0
beforeEach(() => {
  began = Date.now()
})

it("has no other door: the sign-in service answers only what it must", async () => {
  for (const path of ["callback/google", "link-social", "get-session", "unlink-account"]) {
    const request = new Request(`${ORIGIN}/api/auth/${path}`, { method: "POST", body: "{}" })
    expect((await POST(request)).status, path).toBe(404)
  }
})
