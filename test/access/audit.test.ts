import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { acting, audit } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import { DomainError } from "#server/errors.ts"
import { createContext } from "#server/trpc/context.ts"
import { createCaller } from "#server/trpc/router.ts"
import { GET as exportLog } from "../../app/api/audit/route.ts"
import { askAuth, ORIGIN, signedIn, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
const operator: Actor = { kind: "user", id: "o", email: "olga@example.org", role: "operator", clusters: {} }
let world: World
let admin: { cookie: string }
beforeAll(async () => {
  world = await webWorld()
  admin = await signedIn(world.web, "admin")
})
afterAll(() => world[Symbol.asyncDispose]())

describe("the audit log", () => {
  it("has who, what, target, from where and why, of a try that was refused", async () => {
    await expect(callerOf(operator).clusters.remove({ cluster: "prod-eu", confirm: "x" })).rejects.toThrow()
    expect(await latest()).toMatchObject({
      actor: "olga@example.org",
      from: "192.0.2.9",
      action: "cluster.remove",
      target: "prod-eu",
      cluster: "prod-eu",
      result: "refused",
      reason: "This needs the role admin on the cluster prod-eu; yours is operator.",
    })
  })

  it("has what failed, with the words that the person was told, and no input", async () => {
    const caller = createCaller(await contextOf(admin.cookie))
    const connection = { bootstrap: "127.0.0.1:9", password: "pass-word-2" }
    await expect(caller.clusters.connect({ name: "x", system: "no-such", connection })).rejects.toThrow()
    const entry = await latest()
    expect(entry).toMatchObject({ action: "cluster.connect", target: "x", result: "failed" })
    expect(entry.reason).toContain('does not know the system "no-such"')
    expect(JSON.stringify(entry, textOfBigint)).not.toContain("pass-word-2")
  })

  it("has an act whose verb writes no entry of its own", async () => {
    const caller = createCaller(await contextOf(admin.cookie))
    await caller.clusters.test({ system: "kafka", connection: { bootstrap: "127.0.0.1:1" } })
    expect(await latest()).toMatchObject({ action: "cluster.test", result: "ok", reason: null })
  })

  it("has no entry for an input that was never tried, nor for who is not signed in", async () => {
    const before = await latest()
    const caller = createCaller(await contextOf(admin.cookie))
    await expect(caller.clusters.remove({ cluster: "prod-eu" } as never)).rejects.toThrow()
    await expect(
      callerOf({ kind: "nobody" }).clusters.remove({ cluster: "a", confirm: "" }),
    ).rejects.toThrow()
    expect(await latest()).toEqual(before)
  })

  it("has sign-ins and refused tries to sign in, without the password", async () => {
    const { email } = await world.web.store.prisma.user.findFirstOrThrow({ select: { email: true } })
    await askAuth("sign-in/email", { email, password: "a wrong pass-word-3" }, fromAddress())
    const refused = await latest()
    expect(refused).toMatchObject({
      actor: "nobody",
      action: "access.sign-in",
      target: email,
      result: "refused",
    })
    expect(JSON.stringify(refused, textOfBigint)).not.toContain("pass-word-3")
    await askAuth("sign-in/email", { email, password: "a long enough one" }, fromAddress())
    expect(await latest()).toMatchObject({
      actor: email,
      action: "access.sign-in",
      result: "ok",
      from: "192.0.2.9",
    })
  })

  it.each([
    "update audit_entry set actor = 'somebody else'",
    "update audit_entry set actor = 'x' where false",
    "delete from audit_entry",
    "truncate audit_entry",
    "truncate audit_entry cascade",
  ])("cannot be changed: %s", async (statement) => {
    await expect(world.web.store.pool.query(statement)).rejects.toThrow("only ever added to")
  })
})

describe("the page's questions", () => {
  it("are answered by who, what, cluster, result and time, page by page", async () => {
    const ctx = { ...(await contextOf(admin.cookie)), actor: operator }
    for (let i = 0; i < 7; i++) {
      const result = i < 3 ? ("failed" as const) : ("ok" as const)
      await audit(world.web.store.prisma, ctx, {
        action: "offsets.apply",
        target: `g${i}`,
        cluster: "c1",
        result,
      })
    }
    const caller = createCaller(await contextOf(admin.cookie))
    const asked = { who: "OLGA", what: "offsets", cluster: "c1" }
    expect((await caller.audit.list({ ...asked, result: ["failed"] })).total).toBe(3)
    const second = await caller.audit.list({ ...asked, page: 2, pageSize: 5 })
    expect([second.total, second.rows.map(({ target }) => target)]).toEqual([7, ["g1", "g0"]])
    expect((await caller.audit.list({ ...asked, from: Date.now() + 60_000 })).total).toBe(0)
    expect((await caller.audit.list({ ...asked, from: Date.now() - 60_000, to: Date.now() })).total).toBe(7)
    expect((await caller.audit.list({ who: "%" })).total).toBe(0)
  })

  it("show an act with what was before and after", async () => {
    const ctx = await contextOf(admin.cookie)
    const act = {
      action: "x.edit",
      cluster: null,
      target: "x",
      before: { a: 1 },
      after: { a: 2 },
      result: "ok" as const,
    }
    await audit(world.web.store.prisma, ctx, act)
    const caller = createCaller(ctx)
    const row = (await caller.audit.list({ what: "x.edit" })).rows[0]
    expect(row).not.toHaveProperty("before")
    expect(await caller.audit.get({ id: row?.id ?? "" })).toMatchObject(act)
    await expect(caller.audit.get({ id: "999999999" })).rejects.toMatchObject({ code: "NOT_FOUND" })
  })
})

describe("an act on a broker", () => {
  const act = { action: "broker.act", target: "orders", cluster: "c1", before: { a: 1 } }
  const listed = async () => {
    const caller = createCaller(await contextOf(admin.cookie))
    return (await caller.audit.list({ what: "broker.act" })).rows
  }

  it("is one line: begun while it goes on, then with its result", async () => {
    const ctx = await contextOf(admin.cookie)
    let id = ""
    const told = (deleted: number) => ({ after: { deleted } })
    await acting(ctx, { ...act, told }, async () => {
      const [row, ...others] = await listed()
      expect([row, others]).toMatchObject([{ result: "begun", target: "orders" }, []])
      id = row?.id ?? ""
      return 3
    })
    expect(await listed()).toMatchObject([{ result: "ok", actor: expect.stringContaining("admin-") }])
    // Whoever has the begun line open sees what became of it.
    const detail = await createCaller(ctx).audit.get({ id })
    expect(detail).toMatchObject({ result: "ok", before: { a: 1 }, after: { deleted: 3 } })
    const exported = await (await ask("format=jsonl&what=broker.act", admin.cookie)).text()
    expect(exported.trim().split("\n")).toHaveLength(1)
  })

  it("that fails says why, and not what only the process's log may say", async () => {
    const ctx = await contextOf(admin.cookie)
    const refuse = () => Promise.reject(new DomainError("conflict", "It has members."))
    await expect(acting(ctx, act, refuse)).rejects.toThrow("It has members.")
    expect((await listed())[0]).toMatchObject({ result: "failed", reason: "It has members." })
    await expect(acting(ctx, act, () => Promise.reject(new Error("at 10.0.0.7")))).rejects.toThrow()
    expect((await listed())[0]).toMatchObject({
      result: "failed",
      reason: "Something failed inside Signalbox.",
    })
  })

  it("is not done when its begin cannot be written, and stays begun when its result cannot", async () => {
    const ctx = await contextOf(admin.cookie)
    const { pool } = world.web.store
    const takeAway = () => pool.query("alter table audit_entry rename to audit_taken_away")
    const bringBack = () => pool.query("alter table audit_taken_away rename to audit_entry")
    await takeAway()
    await expect(acting(ctx, act, async () => expect.fail("it was done"))).rejects.toThrow("audit_entry")
    await bringBack()
    expect(await acting(ctx, act, () => takeAway().then(() => "done"))).toBe("done")
    await bringBack()
    expect((await listed())[0]).toMatchObject({ result: "begun", target: "orders", reason: null })
  })
})

describe("an administrator of one cluster", () => {
  it("sees, finds and takes along the acts on this cluster, and nothing else", async () => {
    const { cookie, id } = await signedIn(world.web, null)
    for (const [slug, role] of [
      ["theirs", "admin"],
      ["looked-at", "operator"],
    ] as const) {
      const { id: clusterId } = await world.web.store.prisma.cluster.create({
        data: { slug, name: slug, system: "kafka", source: "page", connection: "sealed" },
      })
      await world.web.store.prisma.userGrant.create({ data: { userId: id, clusterId, role } })
    }
    const ctx = await contextOf(cookie)
    const add = async (target: string, cluster: string | null = null) => {
      const act = { action: "mine.act", target, cluster, result: "ok" as const }
      await audit(world.web.store.prisma, { actor: operator }, act)
      const newest = await latest()
      return String(newest.id)
    }
    const seen = await add("seen", "theirs")
    const others = [await add("a", "looked-at"), await add("b", "elsewhere"), await add("c")]
    const caller = createCaller(ctx)
    const found = await caller.audit.list({})
    expect([found.total, found.rows.map(({ target }) => target)]).toEqual([1, ["seen"]])
    for (const cluster of ["looked-at", "elsewhere"])
      expect((await caller.audit.list({ cluster })).total).toBe(0)
    expect(await caller.audit.get({ id: seen })).toMatchObject({ target: "seen" })
    for (const other of others)
      await expect(caller.audit.get({ id: other })).rejects.toMatchObject({ code: "NOT_FOUND" })
    const lines = (await (await ask("format=jsonl", cookie)).text()).trim().split("\n")
    expect(lines.map((line) => JSON.parse(line).target)).toEqual(["seen"])
  })

  it("is refused as before without that role on any", async () => {
    const { cookie } = await signedIn(world.web, "operator")
    await expect(createCaller(await contextOf(cookie)).audit.list({})).rejects.toMatchObject({
      message: "This needs the role admin; yours is operator.",
    })
  })
})

describe("the export", () => {
  it("is refused to whoever may not see the log", async () => {
    const { cookie } = await signedIn(world.web, "operator")
    expect((await ask("format=csv", cookie)).status).toBe(403)
    expect((await ask("format=csv")).status).toBe(401)
    expect((await ask("format=xml", admin.cookie)).status).toBe(400)
  })

  it("is JSON Lines, one entry a line, and an entry itself", async () => {
    const lines = (await (await ask("format=jsonl&what=offsets", admin.cookie)).text()).trim().split("\n")
    expect(lines.map((line) => JSON.parse(line).target)).toEqual(["g0", "g1", "g2", "g3", "g4", "g5", "g6"])
    expect(await latest()).toMatchObject({
      action: "audit.export",
      target: "jsonl",
      after: { what: "offsets" },
    })
  })

  it("is CSV that a spreadsheet takes as text", async () => {
    const ctx = await contextOf(admin.cookie)
    const act = {
      action: "csv",
      cluster: null,
      target: '=cmd("x"),\n2',
      after: { a: "b,c" },
      result: "ok" as const,
    }
    await audit(world.web.store.prisma, ctx, act)
    const response = await ask("format=csv&what=csv", admin.cookie)
    expect(response.headers.get("content-disposition")).toMatch(
      /attachment; filename="signalbox-audit-.*\.csv"/,
    )
    const text = await response.text()
    expect(text.split("\r\n")[0]).toBe("id,at,actor,from,action,target,cluster,result,reason,before,after")
    expect(text).toContain(`"'=cmd(""x""),\n2"`)
    expect(text).toContain('"{""a"":""b,c""}"')
  })

  it("is whole when it is larger than one batch", async () => {
    await world.web.store.pool.query(
      `insert into audit_entry (actor, action, target, result)
       select 'system', 'bulk', i::text, 'ok' from generate_series(1, 2500) i`,
    )
    const lines = (await (await ask("format=jsonl&what=bulk", admin.cookie)).text()).trim().split("\n")
    expect(lines.map((line) => JSON.parse(line).target)).toEqual(
      Array.from({ length: 2500 }, (_, i) => `${i + 1}`),
    )
  })
})

function ask(query: string, cookie?: string): Promise<Response> {
  return exportLog(new Request(`${ORIGIN}/api/audit?${query}`, cookie ? { headers: { cookie } } : {}))
}

function callerOf(actor: Actor) {
  const { store, vault, connections, log } = world.web
  const ctx = {
    web: world.web,
    store,
    vault,
    connections,
    log,
    actor,
    actorNow: async () => actor,
    now: Date.now,
  }
  return createCaller({ ...ctx, from: "192.0.2.9" })
}

function contextOf(cookie: string) {
  return createContext(new Headers({ cookie, "x-forwarded-for": "192.0.2.9" }))
}

function fromAddress() {
  return { headers: { "x-forwarded-for": "192.0.2.9" } }
}

function latest() {
  return world.web.store.prisma.auditEntry.findFirstOrThrow({ orderBy: { id: "desc" } })
}

function textOfBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value
}
