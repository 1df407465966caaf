import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createContext } from "#server/trpc/context.ts"
import { createCaller } from "#server/trpc/router.ts"
import { GET as trpc } from "../../app/api/trpc/[trpc]/route.ts"
import { contextFrom, ORIGIN, signedIn, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
type Person = Awaited<ReturnType<typeof signedIn>>
let world: World
let admin: Person
let operator: Person
beforeAll(async () => {
  world = await webWorld()
  for (const slug of ["prod-eu", "prod-us"]) {
    await world.web.store.prisma.cluster.create({
      data: { slug, name: slug, system: "kafka", source: "page", connection: "sealed" },
    })
  }
  admin = await signedIn(world.web, "admin")
  operator = await signedIn(world.web, "operator")
})
afterAll(() => world[Symbol.asyncDispose]())

describe("an API token", () => {
  it("is told once, stored as its hash, and serves over HTTP without a cookie", async () => {
    const { token } = await create(operator, { role: "viewer", clusters: {} })
    expect(token).toMatch(/^sbx_[\w-]{43}$/)
    const stored = await world.web.store.pool.query("select to_jsonb(t)::text as row from api_token t")
    expect(JSON.stringify(stored.rows)).not.toContain(token)
    const response = await ask("access.me", token)
    expect(await response.json()).toMatchObject({ result: { data: { role: "viewer" } } })
  })

  it("may at most what its owner may, when it is made", async () => {
    const refusal = {
      code: "FORBIDDEN",
      message: expect.stringContaining("cannot have more permissions than you do"),
    }
    await expect(create(operator, { role: "admin", clusters: {} })).rejects.toMatchObject(refusal)
    await expect(create(operator, { role: null, clusters: { "prod-eu": "admin" } })).rejects.toMatchObject(
      refusal,
    )
    await expect(create(operator, { role: null, clusters: {} })).rejects.toThrow(/Choose a role/)
    await create(operator, { role: null, clusters: { "prod-eu": "operator" } })
  })

  it("and at every use: who is demoted or disabled has demoted or dead tokens", async () => {
    const owner = await signedIn(world.web, "operator")
    const { token } = await create(owner, { role: "operator", clusters: {} })
    const { users } = createCaller(await contextFrom(admin.cookie)).access
    await users.changeGrants({ id: owner.id, role: null, clusters: { "prod-us": "viewer" } })
    expect((await byToken(token)).actor).toMatchObject({ role: null, clusters: { "prod-us": "viewer" } })
    await users.disable({ id: owner.id, disabled: true })
    expect((await ask("access.me", token)).status).toBe(401)
  })

  it("for one cluster sees only this one", async () => {
    const { token } = await create(admin, { role: null, clusters: { "prod-eu": "viewer" } })
    const caller = createCaller(await byToken(token))
    expect((await caller.clusters.list()).map(({ slug }) => slug)).toEqual(["prod-eu"])
    await expect(caller.clusters.get({ cluster: "prod-us" })).rejects.toMatchObject({ code: "FORBIDDEN" })
  })

  it("is named in the audit log, with its owner", async () => {
    const { token } = await create(operator, { role: "viewer", clusters: {} }, "deploy robot")
    const caller = createCaller(await byToken(token))
    await expect(caller.clusters.remove({ cluster: "prod-eu", confirm: "" })).rejects.toThrow(/role admin/)
    const entry = await world.web.store.prisma.auditEntry.findFirst({ orderBy: { id: "desc" } })
    expect(entry?.actor).toMatch(/^token deploy robot \(operator-.*@example\.org\)$/)
  })

  it("ends by its date, and by being revoked", async () => {
    const { token } = await create(operator, { role: "viewer", clusters: {} }, "short")
    await world.web.store.pool.query("update api_token set expires_at = now() where name = 'short'")
    expect((await ask("access.me", token)).status).toBe(401)
    const second = await create(operator, { role: "viewer", clusters: {} }, "second")
    const caller = createCaller(await contextFrom(operator.cookie))
    const id = (await caller.access.tokens.list()).find(({ name }) => name === "second")?.id ?? ""
    await caller.access.tokens.revoke({ id })
    expect((await ask("access.me", second.token)).status).toBe(401)
    const states = new Map((await caller.access.tokens.list()).map(({ name, state }) => [name, state]))
    expect([states.get("short"), states.get("second")]).toEqual(["expired", "revoked"])
  })

  it("is seen and revoked by its owner and by administrators, by nobody else", async () => {
    await create(operator, { role: "viewer", clusters: {} }, "mine")
    const other = createCaller(await contextFrom((await signedIn(world.web, "operator")).cookie))
    const boss = createCaller(await contextFrom(admin.cookie))
    const token = (await boss.access.tokens.list()).find(({ name }) => name === "mine")
    expect(await other.access.tokens.list()).toEqual([])
    await expect(other.access.tokens.revoke({ id: token?.id ?? "" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    })
    await boss.access.tokens.revoke({ id: token?.id ?? "" })
  })

  it("cannot make anything that outlives it: no token, session, link, person, rule or connection", async () => {
    const { token } = await create(admin, { role: "admin", clusters: {} })
    const { access, clusters, masking, views } = createCaller(await byToken(token))
    const place = { cluster: "prod-eu", destination: "orders" }
    const tries = [
      () => access.tokens.create({ name: "more", role: "admin", days: 300 }),
      () => access.tokens.list(),
      () => access.sessions(),
      () => access.signOutEverywhere(),
      () => access.changePassword({ current: "a long enough one", next: "another long one" }),
      () => access.users.list({}),
      () => access.users.newLink({ id: admin.id }),
      () => access.users.invite({ email: "accomplice@example.org", role: "admin", clusters: {} }),
      () => access.users.changeGrants({ id: operator.id, role: "admin", clusters: {} }),
      () => access.users.disable({ id: operator.id, disabled: true }),
      () => access.users.remove({ id: operator.id, confirm: "" }),
      () => clusters.remove({ cluster: "prod-eu", confirm: "prod-eu" }),
      () => masking.unmask({ ...place, reason: "because I can" }),
      () => views.save({ name: "mine", path: "/", shared: true }),
    ]
    for (const attempt of tries)
      await expect(attempt()).rejects.toMatchObject({
        code: "FORBIDDEN",
        message: expect.stringContaining("API tokens can't do this"),
      })
  })

  it("says when it was used last, to the minute", async () => {
    const { token } = await create(operator, { role: "viewer", clusters: {} }, "used")
    const row = async () =>
      (await createCaller(await contextFrom(operator.cookie)).access.tokens.list()).find(
        ({ name }) => name === "used",
      )
    expect((await row())?.lastUsedAt).toBeNull()
    await ask("access.me", token)
    expect((await row())?.lastUsedAt).toBeGreaterThan(Date.now() - 60_000)
  })

  it("is told to wait when it asks too often", async () => {
    const { token } = await create(operator, { role: "viewer", clusters: {} }, "busy")
    await ask("access.me", token)
    await world.web.store.pool.query("update rate_limit set count = 600 where key like 'token|%'")
    expect((await ask("access.me", token)).status).toBe(429)
    await world.web.store.pool.query("update rate_limit set last_request = last_request - 61000")
    expect((await ask("access.me", token)).status).toBe(200)
  })

  it.each(["sbx_", "sbx_guessed", "sbx_' or true --"])(
    "made up is refused, also with a cookie: %s",
    async (token) => {
      const headers = { authorization: `Bearer ${token}`, cookie: admin.cookie }
      const response = await trpc(new Request(`${ORIGIN}/api/trpc/access.me`, { headers }))
      expect(response.status).toBe(401)
    },
  )
})

interface Wanted {
  role: "viewer" | "operator" | "admin" | null
  clusters: Record<string, "viewer" | "operator" | "admin">
}

async function create(person: Person, wanted: Wanted, name = "robot") {
  const caller = createCaller(await contextFrom(person.cookie))
  return caller.access.tokens.create({ name, days: 30, ...wanted })
}

function ask(path: string, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` }
  return trpc(new Request(`${ORIGIN}/api/trpc/${path}`, { headers }))
}

function byToken(token: string) {
  return createContext(new Headers({ authorization: `Bearer ${token}` }))
}
