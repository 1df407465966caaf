import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "./world.ts"

type World = Awaited<ReturnType<typeof webWorld>>
let world: World
beforeAll(async () => {
  world = await webWorld()
  for (const slug of ["prod-eu", "prod-us"]) {
    const { id } = await world.web.store.prisma.cluster.create({
      data: { slug, name: slug, system: "kafka", source: "page", connection: "sealed" },
    })
    await world.web.store.pool.query(
      "insert into consumer_group (cluster_id, name, type, state) values ($1, $2, 'classic', 'stable')",
      [id, `billing-${slug}`],
    )
  }
})
afterAll(() => world[Symbol.asyncDispose]())

describe("a role on one cluster only", () => {
  it("comes with the session, and goes with the grant", async () => {
    const { cookie, id } = await signedIn(world.web, null)
    await grant(id, "prod-eu")
    expect((await contextFrom(cookie)).actor).toMatchObject({
      role: null,
      clusters: { "prod-eu": "operator" },
    })
    await world.web.store.prisma.userGrant.deleteMany({ where: { userId: id } })
    expect((await contextFrom(cookie)).actor).toMatchObject({ role: null, clusters: {} })
  })

  it("shows this cluster in every list, and no other", async () => {
    const { cookie, id } = await signedIn(world.web, null)
    await grant(id, "prod-eu")
    const caller = createCaller(await contextFrom(cookie))
    expect((await caller.clusters.list()).map(({ slug }) => slug)).toEqual(["prod-eu"])
    expect((await caller.groups.list({})).rows.map(({ name }) => name)).toEqual(["billing-prod-eu"])
    expect((await caller.groups.list({ clusters: ["prod-us"] })).rows).toEqual([])
    const hits = await caller.search.find({ q: "prod" })
    expect(new Set(hits.map(({ cluster }) => cluster))).toEqual(new Set(["prod-eu"]))
    await expect(caller.clusters.get({ cluster: "prod-us" })).rejects.toMatchObject({ code: "FORBIDDEN" })
  })

  it("does not say whether another cluster exists", async () => {
    const { cookie, id } = await signedIn(world.web, null)
    await grant(id, "prod-eu")
    const caller = createCaller(await contextFrom(cookie))
    const said = async (cluster: string) =>
      caller.clusters.get({ cluster }).catch(({ message }: Error) => message.replaceAll(cluster, "it"))
    expect(await said("prod-us")).toBe(await said("no-such-cluster"))
  })
})

it("a role on all clusters shows all", async () => {
  const caller = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
  expect((await caller.clusters.list()).map(({ slug }) => slug)).toEqual(["prod-eu", "prod-us"])
})

it("who is disabled is nobody at the next request", async () => {
  const { cookie, id } = await signedIn(world.web, "admin")
  await world.web.store.prisma.user.update({ where: { id }, data: { disabledAt: new Date() } })
  expect((await contextFrom(cookie)).actor).toEqual({ kind: "nobody" })
})

async function grant(userId: string, slug: string): Promise<void> {
  const { id } = await world.web.store.prisma.cluster.findUniqueOrThrow({ where: { slug } })
  await world.web.store.prisma.userGrant.create({ data: { userId, clusterId: id, role: "operator" } })
}
