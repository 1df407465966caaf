import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createContext } from "#server/trpc/context.ts"
import { sweepsOf } from "#server/trpc/live.ts"
import { signedIn, webWorld } from "#test/access/world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
beforeAll(async () => {
  world = await webWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const CHECK_EVERY_MS = 200

async function announce(cluster: number): Promise<void> {
  const text = JSON.stringify({ cluster, at: 1 })
  await world.web.store.pool.query("select pg_notify('signalbox_sweep', $1)", [text])
}

/** A stream that is known to run: it has told a sweep of the cluster. */
async function runningStream(cookie: string, cluster: { id: number; slug: string }) {
  const ctx = await createContext(new Headers({ cookie }))
  const stream = sweepsOf(ctx, undefined, CHECK_EVERY_MS)
  const first = stream.next()
  const announcing = setInterval(() => void announce(cluster.id), 100)
  expect((await first).value).toEqual({ cluster: cluster.slug, at: 1 })
  clearInterval(announcing)
  return stream
}

describe("a live stream", () => {
  it("ends soon after its session was revoked, and says why", async () => {
    const { store } = world.web
    const data = { slug: "shop", name: "shop", system: "kafka", source: "page", connection: "sealed" }
    const cluster = await store.prisma.cluster.create({ data, select: { id: true, slug: true } })
    const [viewer, other] = [await signedIn(world.web, "viewer"), await signedIn(world.web, "viewer")]
    const stream = await runningStream(viewer.cookie, cluster)
    const kept = await runningStream(other.cookie, cluster)
    await store.prisma.session.deleteMany({ where: { userId: viewer.id } })
    const drain = async () => {
      for await (const _ of stream);
    }
    await expect(drain()).rejects.toMatchObject({ code: "not_signed_in" })
    const next = kept.next()
    await announce(cluster.id)
    expect((await next).done).toBe(false)
    await kept.return(undefined)
  })

  it("goes on when something else is sent on its channel", async () => {
    const { store } = world.web
    const data = { slug: "other", name: "other", system: "kafka", source: "page", connection: "sealed" }
    const cluster = await store.prisma.cluster.create({ data, select: { id: true, slug: true } })
    const stream = await runningStream((await signedIn(world.web, "viewer")).cookie, cluster)
    for (const payload of ["", "not JSON", "null", '{"cluster":"1"}'])
      await store.pool.query("select pg_notify('signalbox_sweep', $1)", [payload])
    const next = stream.next()
    await announce(cluster.id)
    expect((await next).value).toEqual({ cluster: "other", at: 1 })
    await stream.return(undefined)
  })
})
