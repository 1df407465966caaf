import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createCaller } from "#server/trpc/router.ts"
import { askAuth, contextFrom, cookieOf, nobody, signedIn, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
const PASSWORD = "chosen by bob himself"
let world: World
let admin: { cookie: string; id: string }
beforeAll(async () => {
  world = await webWorld()
  await world.web.store.prisma.cluster.create({
    data: { slug: "prod-eu", name: "prod-eu", system: "kafka", source: "page", connection: "sealed" },
  })
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.web.store.prisma.user.deleteMany()
  await world.web.store.prisma.rateLimit.deleteMany()
  admin = await signedIn(world.web, "admin")
})

describe("an invited person", () => {
  it("chooses a password by the link, once, and has the roles of the invitation", async () => {
    const { token } = await invite("Bob@Example.org")
    expect(await nobody(world.web).access.link({ token })).toEqual({ email: "bob@example.org", name: "" })
    expect(await row("bob@example.org")).toMatchObject({ state: "invited", linkUntil: expect.any(Number) })
    await accept(token)
    const cookie = await signIn("bob@example.org")
    const { actor } = await contextFrom(cookie)
    expect(actor).toMatchObject({ role: null, clusters: { "prod-eu": "operator" } })
    expect(await row("bob@example.org")).toMatchObject({
      name: "Bob",
      state: "active",
      signsInBy: ["password"],
    })
    expect(await lastAct()).toMatchObject({ action: "access.sign-in" })
    await expect(accept(token)).rejects.toThrow(/no longer valid/)
    expect(await lastAct()).toMatchObject({ action: "access.accept", result: "refused" })
  })

  it("cannot use the link twice at the same moment, nor after three days, nor a replaced or made-up one", async () => {
    const { token } = await invite("bob@example.org")
    const { id } = await row("bob@example.org")
    const { token: second } = await (await boss()).access.users.newLink({ id })
    await expect(accept(token)).rejects.toThrow(/no longer valid/)
    const uses = await Promise.allSettled([accept(second), accept(second)])
    expect(uses.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const { token: late } = await (await boss()).access.users.newLink({ id })
    await world.web.store.pool.query("update invite set expires_at = now() - interval '1 second'")
    await expect(accept(late)).rejects.toThrow(/no longer valid/)
    await expect(accept("guessed")).rejects.toMatchObject({ code: "FORBIDDEN" })
  })

  it("is stored with the link's hash only, and invited once", async () => {
    const { token } = await invite("bob@example.org")
    const stored = JSON.stringify(await world.web.store.prisma.invite.findMany())
    expect(stored).not.toContain(token)
    await expect(invite("bob@example.org")).rejects.toMatchObject({ code: "CONFLICT" })
    await expect(
      (await boss()).access.users.invite({
        email: "x@example.org",
        role: null,
        clusters: { nowhere: "viewer" },
      }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" })
  })

  it("who lost the password gets a new link, which ends the old password and all sessions", async () => {
    await accept((await invite("bob@example.org")).token)
    const cookie = await signIn("bob@example.org")
    const { id } = await row("bob@example.org")
    const { token } = await (await boss()).access.users.newLink({ id })
    expect((await contextFrom(cookie)).actor.kind).toBe("user")
    await nobody(world.web).access.accept({ token, name: "Bob", password: "another long one" })
    expect((await contextFrom(cookie)).actor).toEqual({ kind: "nobody" })
    expect((await askAuth("sign-in/email", { email: "bob@example.org", password: PASSWORD })).status).toBe(
      401,
    )
  })
})

describe("an administrator", () => {
  it("changes what somebody may do, at once, with before and after in the audit log", async () => {
    const viewer = await signedIn(world.web, "viewer")
    await (await boss()).access.users.changeGrants({
      id: viewer.id,
      role: null,
      clusters: { "prod-eu": "admin" },
    })
    expect((await contextFrom(viewer.cookie)).actor).toMatchObject({
      role: null,
      clusters: { "prod-eu": "admin" },
    })
    expect(await lastAct()).toMatchObject({
      action: "user.edit",
      before: { role: "viewer", clusters: {} },
      after: { role: null, clusters: { "prod-eu": "admin" } },
    })
  })

  it("disables somebody, who is out at once and cannot come back until enabled", async () => {
    const { cookie, id } = await signedIn(world.web, "operator")
    const { email } = await world.web.store.prisma.user.findUniqueOrThrow({ where: { id } })
    const again = () => askAuth("sign-in/email", { email, password: "a long enough one" })
    await (await boss()).access.users.disable({ id, disabled: true })
    expect((await contextFrom(cookie)).actor).toEqual({ kind: "nobody" })
    expect((await again()).status).toBe(403)
    await (await boss()).access.users.disable({ id, disabled: false })
    expect((await again()).status).toBe(200)
  })

  it("removes somebody after the address was typed; what was done stays in the log", async () => {
    const { cookie, id } = await signedIn(world.web, "operator")
    const { email } = await world.web.store.prisma.user.findUniqueOrThrow({ where: { id } })
    const remove = async (confirm: string) => (await boss()).access.users.remove({ id, confirm })
    await expect(remove("somebody")).rejects.toMatchObject({ code: "BAD_REQUEST" })
    await remove(email)
    expect((await contextFrom(cookie)).actor).toEqual({ kind: "nobody" })
    expect(await world.web.store.prisma.auditEntry.count({ where: { actor: email } })).toBe(1)
  })

  it("who is the last one can neither be demoted, disabled nor removed, also by two at the same moment", async () => {
    const { email } = await world.web.store.prisma.user.findUniqueOrThrow({ where: { id: admin.id } })
    const { users } = (await boss()).access
    const refusal = { code: "CONFLICT", message: expect.stringContaining("last administrator") }
    await expect(users.changeGrants({ id: admin.id, role: "operator" })).rejects.toMatchObject(refusal)
    await expect(users.disable({ id: admin.id, disabled: true })).rejects.toMatchObject(refusal)
    await expect(users.remove({ id: admin.id, confirm: email })).rejects.toMatchObject(refusal)
    // One that was only invited cannot sign in yet, and does not count.
    await users.invite({ email: "later@example.org", role: "admin" })
    await expect(users.disable({ id: admin.id, disabled: true })).rejects.toMatchObject(refusal)
    const other = await signedIn(world.web, "admin")
    const both = [admin.id, other.id].map((id) => users.changeGrants({ id, role: "viewer" }))
    const results = await Promise.allSettled(both)
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  })

  it("finds people by name or address, page by page", async () => {
    for (const name of ["a", "b", "c"]) await invite(`${name}@find.example`)
    const { users } = (await boss()).access
    const page = await users.list({ q: "FIND.example", page: 2, pageSize: 2 })
    expect([page.total, page.rows.map(({ email }) => email)]).toEqual([3, ["c@find.example"]])
  })
})

describe("one's own account", () => {
  it("has a password that is changed with the current one, which ends the other sessions", async () => {
    const { email } = await world.web.store.prisma.user.findUniqueOrThrow({ where: { id: admin.id } })
    const other = cookieOf(await askAuth("sign-in/email", { email, password: "a long enough one" }))
    const { access } = await boss()
    const next = "the next long one"
    await expect(access.changePassword({ current: "wrong", next })).rejects.toMatchObject({
      code: "FORBIDDEN",
    })
    await expect(access.changePassword({ current: "a long enough one", next: "short" })).rejects.toThrow(
      /10 char/,
    )
    await access.changePassword({ current: "a long enough one", next })
    expect((await contextFrom(other)).actor).toEqual({ kind: "nobody" })
    expect((await contextFrom(admin.cookie)).actor.kind).toBe("user")
    expect((await askAuth("sign-in/email", { email, password: next })).status).toBe(200)
  })

  it("cannot be guessed at: ten tries a minute, also with a stolen session", async () => {
    const { access } = await boss()
    const guess = () => access.changePassword({ current: "wrong", next: "the next long one" })
    for (let i = 0; i < 10; i++) await guess().catch(() => undefined)
    await expect(guess()).rejects.toThrow(/Too many attempts/)
  })

  it("lists sessions, ends one, or all; never somebody else's", async () => {
    const { email } = await world.web.store.prisma.user.findUniqueOrThrow({ where: { id: admin.id } })
    const other = cookieOf(await askAuth("sign-in/email", { email, password: "a long enough one" }))
    const stranger = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
    const { access } = await boss()
    const sessions = await access.sessions()
    expect(sessions.map(({ own }) => own).sort()).toEqual([false, true])
    const id = sessions.find(({ own }) => !own)?.id ?? ""
    await expect(stranger.access.revokeSession({ id })).rejects.toMatchObject({ code: "NOT_FOUND" })
    await access.revokeSession({ id })
    expect((await contextFrom(other)).actor).toEqual({ kind: "nobody" })
    await access.signOutEverywhere()
    expect((await contextFrom(admin.cookie)).actor).toEqual({ kind: "nobody" })
    expect(JSON.stringify(sessions)).not.toContain(admin.cookie.split("=")[1]?.slice(0, 20))
  })
})

it.each([
  "change-password",
  "update-user",
  "list-sessions",
  "revoke-sessions",
  "delete-user",
  "sign-up/email",
])("the sign-in service has no door of its own: %s", async (name) => {
  expect((await askAuth(name, {}, { cookie: admin.cookie })).status).toBe(404)
})

async function boss() {
  return createCaller(await contextFrom(admin.cookie))
}

async function invite(email: string) {
  return (await boss()).access.users.invite({ email, role: null, clusters: { "prod-eu": "operator" } })
}

function accept(token: string) {
  return nobody(world.web).access.accept({ token, name: "Bob", password: PASSWORD })
}

async function signIn(email: string): Promise<string> {
  return cookieOf(await askAuth("sign-in/email", { email, password: PASSWORD }))
}

async function row(email: string) {
  const { rows } = await (await boss()).access.users.list({ q: email })
  const found = rows[0]
  if (!found) throw new Error(`no user ${email}`)
  return found
}

function lastAct() {
  return world.web.store.prisma.auditEntry.findFirst({ orderBy: { id: "desc" } })
}
