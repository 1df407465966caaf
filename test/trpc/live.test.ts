import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Role } from "#server/actor.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
const clusters: { id: number; slug: string }[] = []
beforeAll(async () => {
  world = await webWorld()
  for (const slug of ["shop", "bank"]) {
    const data = { slug, name: slug, system: "kafka", source: "page", connection: "sealed" }
    clusters.push(await world.web.store.prisma.cluster.create({ data, select: { id: true, slug: true } }))
  }
})
afterAll(() => world[Symbol.asyncDispose]())

async function announceAll(): Promise<void> {
  for (const { id } of clusters) {
    const text = JSON.stringify({ cluster: id, at: 1 })
    await world.web.store.pool.query("select pg_notify('signalbox_sweep', $1)", [text])
  }
}

/** Reads a stream of sweeps to its end. Announces until `enough` says so of the slugs that came. */
async function running(person: { cookie: string }) {
  const caller = createCaller(await contextFrom(person.cookie))
  const stream = await caller.live.sweeps()
  const heard: string[] = []
  const ended = (async () => {
    for await (const said of stream) if (said.kind === "sweep") heard.push(said.cluster)
  })()
  ended.catch(() => undefined)
  const hears = (slugs: string[]) =>
    expect
      .poll(
        async () => {
          heard.length = 0
          await announceAll()
          return [...new Set(heard)].sort()
        },
        { interval: 300 },
      )
      .toEqual(slugs)
  return { ended, hears }
}

describe("a live stream", () => {
  it("ends soon after its session was revoked, and says why; another's goes on", async () => {
    const [viewer, other] = [await person("viewer"), await person("viewer")]
    const [stream, kept] = [await running(viewer), await running(other)]
    await stream.hears(["bank", "shop"])
    await world.web.store.prisma.session.deleteMany({ where: { userId: viewer.id } })
    await expect(stream.ended).rejects.toMatchObject({ code: "UNAUTHORIZED" })
    await kept.hears(["bank", "shop"])
  })

  it("ends for somebody who is disabled, and tells whoever is narrowed to one cluster of this one only", async () => {
    const admin = createCaller(await contextFrom((await person("admin")).cookie)).access.users
    const [disabled, narrowed] = [await person("operator"), await person("operator")]
    const [gone, less] = [await running(disabled), await running(narrowed)]
    await Promise.all([gone.hears(["bank", "shop"]), less.hears(["bank", "shop"])])
    await admin.disable({ id: disabled.id, disabled: true })
    await admin.changeGrants({ id: narrowed.id, role: null, clusters: { shop: "viewer" } })
    await expect(gone.ended).rejects.toMatchObject({ code: "UNAUTHORIZED" })
    await less.hears(["shop"])
  })

  it("is refused to somebody who has thirty of them, not to others", async () => {
    const [greedy, modest] = [await person("viewer"), await person("viewer")]
    const caller = createCaller(await contextFrom(greedy.cookie))
    for (let i = 0; i < 30; i++) await caller.live.sweeps()
    await expect(caller.live.sweeps()).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" })
    await (await running(modest)).hears(["bank", "shop"])
  })

  it("goes on when something else is sent on its channel", async () => {
    const stream = await running(await person("viewer"))
    await stream.hears(["bank", "shop"])
    for (const payload of ["", "not JSON", "null", '{"cluster":"1"}'])
      await world.web.store.pool.query("select pg_notify('signalbox_sweep', $1)", [payload])
    await stream.hears(["bank", "shop"])
  })
})

function person(role: Role) {
  return signedIn(world.web, role)
}
