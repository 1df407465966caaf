import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ensureUser } from "#server/access/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { askAuth, cookieOf, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
const ada = { name: "Ada", email: "ada@example.org", password: "a long enough one", role: "viewer" as const }
let world: World
beforeAll(async () => {
  world = await webWorld()
  await ensureUser(world.web.store, ada)
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.web.store.prisma.rateLimit.deleteMany()
})

describe("signing in", () => {
  it("gives a cookie that scripts and other sites cannot use, for seven days", async () => {
    const response = await signIn(ada.password)
    expect(response.status).toBe(200)
    const cookie = response.headers.getSetCookie().find((text) => text.includes("session_token")) ?? ""
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).toMatch(/Max-Age=604800/i)
    expect(await actor(cookieOf(response))).toMatchObject({ kind: "user", email: ada.email, role: "viewer" })
  })

  it("ends with signing out: the cookie is worth nothing then", async () => {
    const cookie = cookieOf(await signIn(ada.password))
    expect((await askAuth("sign-out", {}, { cookie })).status).toBe(200)
    expect(await actor(cookie)).toEqual({ kind: "nobody" })
  })

  it("says the same of a wrong password and of an unknown address", async () => {
    const wrong = await signIn("not this one at all")
    const unknown = await askAuth("sign-in/email", { email: "eve@example.org", password: ada.password })
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    expect(await wrong.json()).toEqual(await unknown.json())
    expect(cookieOf(wrong)).toBe("")
  })

  it("is not possible with a made-up cookie", async () => {
    const token = cookieOf(await signIn(ada.password)).replace(/\.[^.;]+/, ".AAAA")
    expect(await actor(token)).toEqual({ kind: "nobody" })
    expect(await actor("signalbox.session_token=guessed")).toEqual({ kind: "nobody" })
  })

  it("is refused from a page of another site", async () => {
    const response = await askAuth("sign-in/email", ada, {
      headers: { origin: "https://evil.example" },
      cookie: cookieOf(await signIn(ada.password)),
    })
    expect(response.status).toBe(403)
  })

  it("cannot be tried more than ten times a minute from one address", async () => {
    const from = { headers: { "x-forwarded-for": "198.51.100.7" } }
    const tries = await inTurn(12, (index) =>
      askAuth("sign-in/email", { email: `guess-${index}@example.org`, password: "wrong one" }, from),
    )
    expect(tries).toEqual([...Array(10).fill(401), 429, 429])
  })

  it("cannot be tried more than ten times a minute for one person, whatever address is claimed", async () => {
    const tries = await inTurn(12, (index) => {
      const headers = { "x-forwarded-for": `198.51.100.${index}` }
      return askAuth(
        "sign-in/email",
        { email: " ADA@example.org".trim(), password: "wrong one" },
        { headers },
      )
    })
    expect(tries).toEqual([...Array(10).fill(401), 429, 429])
    expect((await signIn(ada.password, "203.0.113.1")).status).toBe(429)
    await world.web.store.pool.query("update rate_limit set last_request = last_request - 61000")
    expect((await signIn(ada.password, "203.0.113.1")).status).toBe(200)
  })
})

describe("somebody who guesses another's password", () => {
  it("does not keep the owner out of a browser that has signed in before", async () => {
    const known = cookieOf(await signIn(ada.password))
    const device = known
      .split("; ")
      .filter((cookie) => cookie.includes("device"))
      .join("; ")
    const tries = await inTurn(11, (index) => signIn("a guess of mine", `198.51.100.${index}`))
    expect(tries.at(-1)).toBe(429)
    expect((await signIn(ada.password, "203.0.113.1")).status).toBe(429)
    const headers = { "x-forwarded-for": "203.0.113.2" }
    const own = await askAuth("sign-in/email", { ...ada }, { cookie: device, headers })
    expect(own.status).toBe(200)
  })

  it("gains nothing from a device cookie that is made up, or another person's", async () => {
    const other = {
      name: "Eve",
      email: "eve@example.com",
      password: "another long one",
      role: "viewer" as const,
    }
    await ensureUser(world.web.store, other)
    const signedIn = await askAuth("sign-in/email", other, { headers: { "x-forwarded-for": "203.0.113.9" } })
    const device = cookieOf(signedIn)
      .split("; ")
      .filter((cookie) => cookie.includes("device"))
      .join("; ")
    for (const cookie of [device, "signalbox.device=guessed.guessed"]) {
      await world.web.store.prisma.rateLimit.deleteMany()
      const tries = await inTurn(11, (index) =>
        askAuth(
          "sign-in/email",
          { email: ada.email, password: "wrong one" },
          { cookie, headers: { "x-forwarded-for": `198.51.100.${index}` } },
        ),
      )
      expect(tries.at(-1)).toBe(429)
    }
    await world.web.store.prisma.user.delete({ where: { email: other.email } })
  })

  it("is not helped by those who know theirs: only failures count", async () => {
    const tries = await inTurn(12, (index) => signIn(ada.password, `198.51.100.${index}`))
    expect(new Set(tries)).toEqual(new Set([200]))
  })
})

describe("who is not invited", () => {
  it("cannot sign up", async () => {
    const response = await askAuth("sign-up/email", { ...ada, email: "eve@example.org" })
    expect(response.status).toBe(404)
    expect(await world.web.store.prisma.user.count()).toBe(1)
  })

  it("cannot raise a role of one's own", async () => {
    const cookie = cookieOf(await signIn(ada.password))
    await askAuth("update-user", { name: "Ada L.", role: "admin" }, { cookie })
    expect(await world.web.store.prisma.user.findFirst({ select: { role: true } })).toEqual({
      role: "viewer",
    })
  })
})

function signIn(password: string, from = "192.0.2.1"): Promise<Response> {
  return askAuth("sign-in/email", { email: ada.email, password }, { headers: { "x-forwarded-for": from } })
}

async function actor(cookie: string) {
  return (await createContext(new Headers({ cookie }))).actor
}

async function inTurn(times: number, ask: (index: number) => Promise<Response>): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < times; index++) statuses.push((await ask(index)).status)
  return statuses
}
