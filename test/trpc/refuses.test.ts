import { callTRPCProcedure, type TRPCError } from "@trpc/server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PERMISSIONS } from "#server/access/index.ts"
import type { Actor, Grants, Role } from "#server/actor.ts"
import { appRouter } from "#server/trpc/router.ts"
import { webWorld } from "#test/access/world.ts"
import { allProcedures, type Known } from "./procedures.ts"

/** What works without sign-in: a person holds a one-time link instead, the first or an invited one. */
const OPEN = ["access.setup", "access.link", "access.accept"]
const ROLES = ["viewer", "operator", "admin"] as const
const procedures = allProcedures()
const closed = procedures.filter(({ path }) => !OPEN.includes(path))

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

it("every procedure but the open ones names its permission", () => {
  expect(procedures.length).toBeGreaterThan(15)
  expect(procedures.filter(({ permission }) => !permission).map(({ path }) => path)).toEqual(OPEN)
})

describe.each(closed)("$path", (known) => {
  const { role: needed, scope } = PERMISSIONS[known.permission ?? "cluster.list"]
  const enough = (role: Role) => ROLES.indexOf(role) >= ROLES.indexOf(needed)

  it("refuses who is not signed in, before it looks at the input", async () => {
    expect(await answer(known, { kind: "nobody" })).toMatchObject({ code: "UNAUTHORIZED" })
  })

  it("refuses who has no role anywhere", async () => {
    expectRefusal(await answer(known, someone({ role: null, clusters: {} })), needed)
  })

  it.each(ROLES)("for a role on all clusters: %s", async (role) => {
    const given = await answer(known, someone({ role, clusters: {} }))
    if (enough(role)) expectLeave(given)
    else expectRefusal(given, needed)
  })

  it.each(ROLES)("for a role on one cluster only: %s", async (role) => {
    const actor = someone({ role: null, clusters: { ours: role } })
    const [ours, theirs, none] = [
      await answer(known, actor, { cluster: "ours" }),
      await answer(known, actor, { cluster: "theirs" }),
      await answer(known, actor),
    ]
    if (scope === "installation" || !enough(role)) expectRefusal(ours, needed)
    else expectLeave(ours)
    if (scope === "any" && enough(role)) expectLeave(theirs)
    else expectRefusal(theirs, needed)
    // Without a cluster in its input, one of the scope `cluster` ends at the input.
    if (scope === "cluster" && enough(role)) expect(none.code).toBe("BAD_REQUEST")
  })
})

const changing = closed.filter(({ type }) => type === "mutation")

it.each(changing)("$path writes down that it was refused", async (known) => {
  const name = `${known.path}@example.org`
  await answer(known, { ...someone({ role: null, clusters: {} }), email: name })
  const { role } = PERMISSIONS[known.permission ?? "cluster.list"]
  const entries = await world.web.store.prisma.auditEntry.findMany({ where: { actor: name } })
  expect(entries).toMatchObject([{ result: "refused", reason: expect.stringContaining(role) }])
})

it.each(closed.filter(({ type }) => type !== "mutation"))(
  "$path writes down once a minute that a read was refused",
  async (known) => {
    const name = `${known.path}@example.org`
    const someone = { kind: "user" as const, id: name, email: name, role: null, clusters: {} }
    for (let i = 0; i < 3; i++) await answer(known, someone)
    const entries = await world.web.store.prisma.auditEntry.findMany({ where: { actor: name } })
    expect(entries).toMatchObject([{ action: known.permission, result: "refused" }])
  },
)

it("writes down that a link was guessed, once in a while for each network", async () => {
  const guess = { token: "made up", name: "Eve", password: "a long enough one" }
  for (const path of ["access.link", "access.accept", "access.setup"])
    for (const from of [`192.0.2.${path.length}`, `192.0.2.${path.length}`, `198.51.100.${path.length}`])
      await answer(
        { path, type: path === "access.link" ? "query" : "mutation", permission: undefined },
        { kind: "nobody" },
        { ...guess, email: "eve@example.org" },
        from,
      )
  const entries = await world.web.store.prisma.auditEntry.findMany({
    where: { actor: "nobody" },
    orderBy: { id: "asc" },
  })
  expect(entries.map(({ action, result }) => [action, result])).toEqual(
    ["access.link", "access.link", "access.accept", "access.accept", "access.setup", "access.setup"].map(
      (action) => [action, "refused"],
    ),
  )
  expect(JSON.stringify(entries.map(({ target, reason, after }) => [target, reason, after]))).not.toMatch(
    /made up|long enough/,
  )
})

interface Answer {
  code: string
  message: string
}

function someone(grants: Grants) {
  return { kind: "user" as const, id: "nobody-in-particular", email: "someone@example.org", ...grants }
}

function expectRefusal(given: Answer, needed: Role): void {
  expect(given.code).toBe("FORBIDDEN")
  expect(given.message).toMatch(new RegExp(`needs the role ${needed}\\b`))
}

/** It went past the table: what it says then is of its input, or of a cluster that is not there. */
function expectLeave(given: Answer): void {
  expect(given.code, given.message).toMatch(/^(ok|BAD_REQUEST|NOT_FOUND|CONFLICT)$/)
}

async function answer(
  { path, type }: Known,
  actor: Actor,
  input?: unknown,
  from = "192.0.2.1",
): Promise<Answer> {
  const { store, vault, connections, log } = world.web
  const call = callTRPCProcedure({
    router: appRouter,
    path,
    type,
    getRawInput: async () => input,
    ctx: { web: world.web, store, vault, connections, log, actor, from, now: Date.now },
    signal: undefined,
    batchIndex: 0,
  })
  return call.then(
    () => ({ code: "ok", message: "" }),
    ({ code, message }: TRPCError) => ({ code, message }),
  )
}
