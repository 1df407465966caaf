import { afterAll, beforeAll, describe, expect, inject, it } from "vitest"
import { syncFileClusters } from "#server/clusters/targets.ts"
import { ORIGIN, webWorld } from "#test/access/world.ts"
import { unique } from "#test/brokers/kafka-world.ts"
import { startMember } from "#test/brokers/member.ts"
import { GET, POST } from "../../app/api/v1/[...path]/route.ts"
import { GET as openapi } from "../../app/api/v1/openapi.json/route.ts"
import { apiToken } from "./token.ts"
import { commitsOf, described, shelf, stand } from "./world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let token: string
let looker: string
beforeAll(async () => {
  world = await webWorld()
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  const cluster = { name: "shop", slug: "shop", system: "kafka", intervalMs: 10_000, connection }
  await syncFileClusters(world.web.store, world.web.vault, [cluster])
  token = await apiToken(world.web, "operator")
  looker = await apiToken(world.web, "viewer")
})
afterAll(() => world[Symbol.asyncDispose]())

async function ask(method: "GET" | "POST", path: string, given: { body?: unknown; token?: string } = {}) {
  const headers = new Headers({ authorization: `Bearer ${given.token ?? token}` })
  if (method === "POST") headers.set("content-type", "application/json")
  const body = method === "POST" ? JSON.stringify(given.body ?? {}) : null
  const request = new Request(`${ORIGIN}/api/v1${path}`, { method, headers, body })
  const response = await (method === "GET" ? GET : POST)(request)
  return { status: response.status, body: await response.json() }
}

describe("a runbook with an API token", () => {
  it("previews, applies, reads and undoes a reset", async () => {
    const { topic, group } = await shelf()
    const offsets = `/clusters/shop/groups/${group}/offsets`
    const made = await ask("POST", `${offsets}/plans`, { body: { strategy: { kind: "offset", offset: 7 } } })
    expect(made).toEqual({ status: 200, body: { plan: expect.any(String) } })
    const plan = `${offsets}/plans/${made.body.plan}`
    const read = await ask("GET", `${plan}?pageSize=1&page=2`)
    expect(read.body).toMatchObject({ state: "draft", lineCount: 2, totals: { moved: 2, again: 86 } })
    expect(read.body.lines).toMatchObject([{ partition: 1, from: 40, to: 7 }])
    expect(await ask("POST", `${plan}/apply`)).toMatchObject({ status: 200, body: { outcome: "applied" } })
    expect(await described(group)).toEqual({ [`${topic}/0`]: 7, [`${topic}/1`]: 7 })
    const back = await ask("POST", `${plan}/undo`)
    await ask("POST", `${offsets}/plans/${back.body.plan}/apply`)
    expect(await described(group)).toEqual({ [`${topic}/0`]: 60, [`${topic}/1`]: 40 })
    expect((await ask("GET", `${offsets}/resets`)).body).toHaveLength(2)
    const entry = await world.web.store.prisma.auditEntry.findFirst({
      where: { action: "offsets.apply" },
      orderBy: { id: "desc" },
    })
    expect(entry?.actor).toMatch(/^token /)
  })

  it("is told of members and of what moved", async () => {
    const { topic, group } = await shelf()
    const offsets = `/clusters/shop/groups/${group}/offsets`
    const made = await ask("POST", `${offsets}/plans`, { body: { strategy: { kind: "earliest" } } })
    const plan = `${offsets}/plans/${made.body.plan}`
    const member = await startMember({ topic, group, protocol: "classic", clientId: "billing-3" })
    const refused = await ask("POST", `${plan}/apply`)
    expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining("billing-3 on") } })
    expect((await ask("POST", `${plan}/arm`, { body: { forMs: 60_000 } })).body.armedUntil).toBeGreaterThan(0)
    expect((await ask("GET", `/offsets/armed?group=${group}`)).body).toHaveLength(1)
    expect((await ask("POST", `${plan}/cancel`)).status).toBe(200)
    await member.stop()
    await stand(group, { topic, offsets: { 0: 61 } })
    expect((await ask("POST", `${plan}/apply`)).body).toMatchObject({ outcome: "moved" })
  })

  it("reads a plan of a file back without the file", async () => {
    const { topic, group } = await shelf()
    const offsets = `/clusters/shop/groups/${group}/offsets`
    const strategy = { kind: "csv", text: `${topic},1,5` }
    const made = await ask("POST", `${offsets}/plans`, { body: { strategy } })
    const read = await ask("GET", `${offsets}/plans/${made.body.plan}`)
    expect(read).toMatchObject({ status: 200, body: { lines: [{ partition: 1, from: 40, to: 5 }] } })
  })

  it.each(["data/serving", "grüße", "local test+1", "100%", "%2F", "a?b#c", "日本"])(
    "addresses the group %j by its name",
    async (start) => {
      const { topic } = await shelf()
      const group = unique(start)
      const encoded = encodeURIComponent(group)
      await stand(group, { topic, offsets: { 0: 60, 1: 40 } })
      await stand(encoded, { topic, offsets: { 0: 1, 1: 2 } })
      const offsets = `/clusters/shop/groups/${encoded}/offsets`
      const made = await ask("POST", `${offsets}/plans`, {
        body: { strategy: { kind: "offset", offset: 7 } },
      })
      const plan = `${offsets}/plans/${made.body.plan}`
      expect((await ask("GET", plan)).body).toMatchObject({ group, existed: true })
      expect((await ask("POST", `${plan}/apply`)).body).toMatchObject({ outcome: "applied" })
      expect(await commitsOf(group)).toEqual({ [`${topic}/0`]: 7, [`${topic}/1`]: 7 })
      expect(await commitsOf(encoded)).toEqual({ [`${topic}/0`]: 1, [`${topic}/1`]: 2 })
      expect((await ask("GET", `${offsets}/resets`)).body).toMatchObject([{ group }])
    },
  )

  it("answers 400 to a malformed escape, and writes nothing", async () => {
    for (const name of ["%", "100%", "%zz", "%ff", "%c3%28", "%ed%a0%80"]) {
      const made = await ask("POST", `/clusters/shop/groups/${name}/offsets/plans`, {
        body: { strategy: { kind: "latest" } },
      })
      expect(made).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining("group has a malformed") },
      })
    }
  })

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])(
    "passes over a parameter %s, which it does not know",
    async (name) => {
      const { group } = await shelf()
      const resets = `/clusters/shop/groups/${group}/offsets/resets`
      expect(await ask("GET", `${resets}?${name}=1`)).toEqual({ status: 200, body: [] })
      expect(await ask("GET", `${resets}?${name}=1&${name}=2&limit=1`)).toMatchObject({ status: 200 })
      expect(await ask("GET", `${resets}?from=0.5&to=%00&${name}=1`)).toMatchObject({ status: 400 })
    },
  )

  it("creates a group only when that is asked for", async () => {
    const { topic } = await shelf()
    const plans = `/clusters/shop/groups/${unique("mistyped")}/offsets/plans`
    const body = { strategy: { kind: "latest" }, scope: [{ destination: topic }] }
    expect(await ask("POST", plans, { body })).toMatchObject({ status: 404 })
    const made = await ask("POST", plans, { body: { ...body, create: true } })
    expect((await ask("GET", `${plans}/${made.body.plan}`)).body).toMatchObject({ existed: false })
  })

  it("may no more than its role, and nothing without a token", async () => {
    const plans = "/clusters/shop/groups/billing/offsets/plans"
    const body = { strategy: { kind: "earliest" } }
    expect(await ask("POST", plans, { body, token: looker })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("This needs the role operator") },
    })
    expect((await ask("POST", plans, { body, token: "sbx_wrong" })).status).toBe(401)
    expect((await ask("POST", plans, { body, token: "none" })).status).toBe(401)
    expect((await ask("POST", plans, { body: { strategy: { kind: "sideways" } } })).status).toBe(400)
  })
})

it("the API is described from the procedures", async () => {
  const document = await (await openapi()).json()
  const base = "/clusters/{cluster}/groups/{group}/offsets"
  expect(document.openapi).toMatch(/^3\.1/)
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([`${base}/plans`, `${base}/plans/{plan}/apply`, `${base}/plans/{plan}/undo`]),
  )
  const strategy = JSON.stringify(document.paths[`${base}/plans`].post.requestBody)
  expect(strategy).toContain("snapshot")
})
