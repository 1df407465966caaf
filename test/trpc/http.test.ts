import { setTimeout as sleep } from "node:timers/promises"
import { inspect } from "node:util"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { signedIn, webWorld } from "#test/access/world.ts"
import { askTrpc } from "./ask.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let cookie: string
beforeAll(async () => {
  world = await webWorld()
  cookie = (await signedIn(world.web, "viewer")).cookie
})
afterAll(() => world[Symbol.asyncDispose]())

describe("tRPC over HTTP", () => {
  it("tells who is signed in, and nothing to who is not", async () => {
    const known = await askTrpc("access.me", { cookie })
    expect(await known.json()).toMatchObject({ result: { data: { role: "viewer" } } })
    const unknown = await askTrpc("access.me")
    expect(unknown.status).toBe(401)
    expect(await unknown.json()).toEqual({
      error: {
        message: "Sign in first.",
        code: -32001,
        data: { code: "UNAUTHORIZED", httpStatus: 401, path: "access.me" },
      },
    })
  })

  it("tells what is not there", async () => {
    const response = await askTrpc("clusters.get", { cookie, input: { cluster: "nowhere" } })
    expect(response.status).toBe(404)
  })

  it("keeps an unforeseen failure to the log", async () => {
    const logged = vi.spyOn(world.web.log, "error")
    await world.web.store.pool.query("alter table cluster rename to hidden")
    const response = await askTrpc("clusters.list", { cookie })
    await world.web.store.pool.query("alter table hidden rename to cluster")
    expect(response.status).toBe(500)
    const text = await response.text()
    expect(text).toContain("Something failed inside Signalbox")
    expect(text).not.toMatch(/cluster`|prisma|relation|does not exist|\.ts/)
    expect(inspect(logged.mock.calls, { depth: 8 })).toContain("does not exist")
  })
})

describe("the live stream", () => {
  it("is closed to who is not signed in", async () => {
    const text = await (await askTrpc("live.sweeps")).text()
    expect(text).toContain('"code":"UNAUTHORIZED"')
  })

  it("tells of a sweep as soon as it is stored, until the page is left", async () => {
    const { id } = await world.web.store.prisma.cluster.create({
      data: { slug: "prod-eu", name: "prod-eu", system: "kafka", source: "page", connection: "sealed" },
    })
    const left = new AbortController()
    const response = await askTrpc("live.sweeps", { cookie, signal: left.signal })
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    // A proxy that gathers or zips the stream would hold events back.
    expect(response.headers.get("cache-control")).toContain("no-transform")
    const announcing = announce(id, left.signal)
    expect(await readUntil(response, /"cluster":"prod-eu"/)).toContain('"at":1795221179567')
    left.abort()
    await announcing
  })
})

it("ends its streams when it stops, and lets browsers ask again", async () => {
  const response = await askTrpc("live.sweeps", { cookie })
  const text = response.text()
  await world.web.live[Symbol.asyncDispose]()
  expect(await text).toContain("event: serialized-error")
})

/** As the collector does after each sweep; again and again, since the stream needs a moment to listen. */
async function announce(cluster: number, until: AbortSignal): Promise<void> {
  const payload = JSON.stringify({ cluster, at: 1795221179567 })
  while (!until.aborted) {
    await world.web.store.pool.query("select pg_notify('signalbox_sweep', $1)", [payload])
    await sleep(50)
  }
}

async function readUntil(response: Response, wanted: RegExp): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true })
    if (wanted.test(text)) break
  }
  return text
}
