import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ensureSetupLink, ensureUser } from "#server/access/index.ts"
import { askAuth, nobody, ORIGIN, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
let world: World
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.web.store.prisma.user.deleteMany()
})

const ada = { name: "Ada", email: "Ada@Example.org", password: "a long enough one" }

describe("the set-up link", () => {
  it("makes the first administrator, who can sign in, and says so in the audit log", async () => {
    await nobody(world.web).access.setup({ ...ada, token: await printedToken() })
    const response = await askAuth("sign-in/email", { email: "ada@example.org", password: ada.password })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ user: { email: "ada@example.org", role: "admin" } })
    const entry = await world.web.store.prisma.auditEntry.findFirst({ where: { action: "access.setup" } })
    expect(entry).toMatchObject({ actor: "nobody", action: "access.setup", target: ada.email, result: "ok" })
  })

  it("works once, also when it is used twice at the same moment", async () => {
    const token = await printedToken()
    const uses = ["one@example.org", "two@example.org"].map((email) =>
      nobody(world.web).access.setup({ ...ada, email, token }),
    )
    const results = await Promise.allSettled(uses)
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(await world.web.store.prisma.user.count()).toBe(1)
    await expect(nobody(world.web).access.setup({ ...ada, token })).rejects.toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringContaining("no longer valid"),
    })
  })

  it("is worthless once a later start has printed another", async () => {
    const first = await printedToken()
    const second = await printedToken()
    await expect(nobody(world.web).access.setup({ ...ada, token: first })).rejects.toThrow(/no longer valid/)
    await nobody(world.web).access.setup({ ...ada, token: second })
  })

  it("is worthless when someone became a user by another way", async () => {
    const token = await printedToken()
    await ensureUser(world.web.store, { ...ada, role: "viewer" })
    await expect(nobody(world.web).access.setup({ ...ada, email: "eve@example.org", token })).rejects.toThrow(
      /no longer valid/,
    )
    expect(await ensureSetupLink(world.web.store, ORIGIN)).toBeNull()
  })

  it("still works after a try that was not valid, which says what is wrong in words", async () => {
    const token = await printedToken()
    await expect(nobody(world.web).access.setup({ ...ada, token: "guessed" })).rejects.toThrow(
      /no longer valid/,
    )
    await expect(
      nobody(world.web).access.setup({ name: " ", email: "no address", password: "short", token }),
    ).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: "Give a name. Give an e-mail address. A password has at least 10 characters.",
    })
    await nobody(world.web).access.setup({ ...ada, token })
  })

  it("is stored only as its hash", async () => {
    const token = await printedToken()
    const stored = await world.web.store.prisma.setting.findMany()
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(token).toMatch(/^[\w-]{43}$/)
  })
})

async function printedToken(): Promise<string> {
  const link = new URL((await ensureSetupLink(world.web.store, ORIGIN)) ?? "")
  expect(link.pathname).toBe("/setup")
  return link.searchParams.get("token") ?? ""
}
