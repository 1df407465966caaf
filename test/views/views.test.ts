import { afterAll, beforeAll, expect, it } from "vitest"
import type { Role } from "#server/actor.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let count = 0

beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

it("a private view is one's own, a shared one everybody's", async () => {
  const [ada, grace] = [await person("operator"), await person("viewer")]
  await ada.views.save({ name: "my lag", path: "/lag?q=billing", shared: false })
  await ada.views.save({ name: "wall", path: "/lag?status=losing", shared: true })
  expect(await names(ada)).toEqual(["my lag", "wall"])
  expect(await names(grace)).toEqual(["wall"])
  expect((await grace.views.list())[0]).toMatchObject({ mine: false, path: "/lag?status=losing" })
})

it("a view of the same name replaces one's own", async () => {
  const ada = await person("viewer")
  await ada.views.save({ name: "mine", path: "/lag" })
  await ada.views.save({ name: "mine", path: "/clusters" })
  const mine = (await ada.views.list()).filter((view) => view.mine)
  expect(mine.map((view) => view.path)).toEqual(["/clusters"])
})

it("only pages of this installation are kept", async () => {
  const ada = await person("viewer")
  for (const path of ["https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "lag"])
    await expect(ada.views.save({ name: "x", path })).rejects.toThrow(/Signalbox itself/)
})

it("nobody but its owner and an administrator takes a shared view away", async () => {
  const [ada, grace, admin] = [await person("operator"), await person("operator"), await person("admin")]
  await ada.views.save({ name: "shared by Ada", path: "/lag", shared: true })
  const found = (await grace.views.list()).find((view) => view.name === "shared by Ada")
  const id = found?.id ?? 0
  await expect(grace.views.remove({ id })).rejects.toMatchObject({ code: "NOT_FOUND" })
  await admin.views.remove({ id })
  expect(await names(ada)).not.toContain("shared by Ada")
})

async function person(role: Role) {
  count += 1
  const { id } = await signedIn(world.web, role)
  const { store, vault, connections, log } = world.web
  const actor = { kind: "user" as const, id, email: `person-${count}@example.org`, role, clusters: {} }
  const actorNow = async () => actor
  return createCaller({ web: world.web, store, vault, connections, log, actor, actorNow, now: Date.now })
}

async function names(someone: Awaited<ReturnType<typeof person>>): Promise<string[]> {
  return (await someone.views.list()).map((view) => view.name)
}

it("a viewer cannot share, and nobody keeps more than a hundred", async () => {
  const ada = await person("viewer")
  await expect(ada.views.save({ name: "for all", path: "/lag", shared: true })).rejects.toThrow(
    /role operator/,
  )
  for (let i = 0; i < 100; i++) await ada.views.save({ name: `view ${i}`, path: "/lag" })
  await expect(ada.views.save({ name: "one more", path: "/lag" })).rejects.toThrow(/100 saved views/)
  await ada.views.save({ name: "view 7", path: "/clusters" })
})

it("a shared view is not shown to somebody who may not see a cluster that it names", async () => {
  for (const slug of ["prod", "merger-acme"])
    await world.web.store.prisma.cluster.create({
      data: { slug, name: slug, system: "kafka", source: "page", connection: "sealed" },
    })
  const ada = await person("operator")
  const paths = [
    "/clusters/merger-acme/topics/plans",
    "/clusters/merger%2Dacme",
    "/failures/merger-acme/7",
    "/lag?clusters=prod,merger-acme",
  ]
  for (const [i, path] of paths.entries()) await ada.views.save({ name: `secret ${i}`, path, shared: true })
  await ada.views.save({ name: "open", path: "/clusters/prod/topics", shared: true })
  const { id, cookie } = await signedIn(world.web, null)
  const { id: clusterId } = await world.web.store.prisma.cluster.findUniqueOrThrow({
    where: { slug: "prod" },
    select: { id: true },
  })
  await world.web.store.prisma.userGrant.create({ data: { userId: id, clusterId, role: "viewer" } })
  const narrow = createCaller(await contextFrom(cookie))
  const shown = (await narrow.views.list()).map(({ name }) => name)
  expect(shown).toContain("open")
  expect(shown.filter((name) => name.startsWith("secret"))).toEqual([])
})
