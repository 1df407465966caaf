import {
  type AnyTRPCProcedure,
  callTRPCProcedure,
  type TRPCError,
  type TRPCProcedureType,
} from "@trpc/server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Actor } from "#server/context.ts"
import { appRouter } from "#server/trpc/router.ts"
import { webWorld } from "#test/access/world.ts"

/** What works without sign-in. Whoever adds to it says here why: without it there is no first user. */
const OPEN = ["access.setup"]
const procedures = flat(appRouter._def.procedures)
const closed = procedures.filter(({ path }) => !OPEN.includes(path))
const mutations = closed.filter(({ type }) => type === "mutation")

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

it("knows every procedure", () => {
  expect(procedures.length).toBeGreaterThan(15)
  expect(procedures.length - closed.length).toBe(OPEN.length)
})

describe("without sign-in", () => {
  it.each(closed)("$path refuses, before it looks at the input", async ({ path, type }) => {
    expect(await codeOf(path, type, { kind: "nobody" })).toBe("UNAUTHORIZED")
  })
})

describe("a viewer", () => {
  const viewer: Actor = { kind: "user", id: "v", email: "viewer@example.org", role: "viewer", clusters: {} }

  it.each(mutations)("cannot change anything: $path", async ({ path, type }) => {
    expect(await codeOf(path, type, viewer)).toBe("FORBIDDEN")
  })

  it.each(closed.filter(({ type }) => type === "query"))("may look: $path", async ({ path, type }) => {
    expect(await codeOf(path, type, viewer)).toMatch(/^(ok|BAD_REQUEST)$/)
  })
})

describe("an administrator", () => {
  const admin: Actor = { kind: "user", id: "a", email: "admin@example.org", role: "admin", clusters: {} }

  it.each(mutations)("may change: $path", async ({ path, type }) => {
    expect(await codeOf(path, type, admin)).toBe("BAD_REQUEST")
  })
})

interface Known {
  path: string
  type: TRPCProcedureType
}

/** tRPC keeps procedures by their full path; its types show them as a tree. */
function flat(known: object): Known[] {
  return Object.entries(known as Record<string, AnyTRPCProcedure>).map(([path, { _def }]) => ({
    path,
    type: _def.type,
  }))
}

async function codeOf(path: string, type: TRPCProcedureType, actor: Actor): Promise<string> {
  const { store, vault, connections, log } = world.web
  const call = callTRPCProcedure({
    router: appRouter,
    path,
    type,
    getRawInput: async () => undefined,
    ctx: { web: world.web, store, vault, connections, log, actor, now: Date.now },
    signal: undefined,
    batchIndex: 0,
  })
  return call.then(
    () => "ok",
    (error: TRPCError) => error.code,
  )
}
