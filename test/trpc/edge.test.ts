import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ORIGIN, signedIn, webWorld } from "#test/access/world.ts"
import { POST as trpc } from "../../app/api/trpc/[trpc]/route.ts"
import { POST as api } from "../../app/api/v1/[...path]/route.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let cookie: string
beforeAll(async () => {
  world = await webWorld()
  cookie = (await signedIn(world.web, "admin")).cookie
})
afterAll(() => world[Symbol.asyncDispose]())

interface Sent {
  path: string
  body: unknown
  headers?: Record<string, string>
}

function post({ path, body, headers = {} }: Sent): Promise<Response> {
  const request = new Request(`${ORIGIN}/api/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
  return trpc(request)
}

describe("a change that comes with the browser's cookie", () => {
  const change = (headers: Record<string, string>) =>
    post({ path: "views.save", body: { name: "x", path: "/" }, headers: { cookie, ...headers } })

  it.each<Record<string, string>>([
    { origin: "http://evil.example" },
    { origin: "http://localhost:3399" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])("is refused from elsewhere: %o", async (headers) => {
    const response = await change(headers)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining("SIGNALBOX_URL") },
    })
  })

  it.each<Record<string, string>>([{ origin: ORIGIN }, { "sec-fetch-site": "same-origin" }, {}])(
    "is taken from a page of its own, and from a program: %o",
    async (headers) => {
      expect((await change(headers)).status).toBe(200)
    },
  )

  it("is refused from elsewhere at the HTTP API too", async () => {
    const request = new Request(`${ORIGIN}/api/v1/clusters/shop/groups/billing/offsets/plans`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie, origin: "http://evil.example" },
      body: "{}",
    })
    expect((await api(request)).status).toBe(403)
  })
})

describe("somebody who is not signed in", () => {
  it("cannot ask for more than twenty things in one request", async () => {
    const calls = (count: number) => Array<string>(count).fill("access.accept").join(",")
    const guess = { token: "made up", name: "Eve", password: "a long enough one" }
    const body = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [i, guess]))
    const response = await post({ path: `${calls(21)}?batch=1`, body })
    expect(response.status).toBe(400)
    const few = await post({
      path: `${calls(3)}?batch=1`,
      body,
      headers: { "x-forwarded-for": "192.0.2.33" },
    })
    expect(await few.json()).toMatchObject(Array(3).fill({ error: { data: { code: "FORBIDDEN" } } }))
  })

  it("is told to wait after sixty calls a minute, and others are not", async () => {
    const link = (from: string) =>
      post({
        path: "access.accept",
        body: { token: "x", name: "E", password: "a long enough one" },
        headers: { "x-forwarded-for": from },
      })
    const statuses: number[] = []
    for (let i = 0; i < 61; i++) statuses.push((await link("2001:db8:7:7::1")).status)
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(403))
    expect(statuses[60]).toBe(429)
    // The same owner's network, and another's.
    expect((await link("2001:db8:7:7:ffff::9")).status).toBe(429)
    expect((await link("2001:db8:7:8::1")).status).toBe(403)
  })

  it("is refused before the body is read", async () => {
    let asked = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        asked += 1
        if (asked > 50) controller.error(new Error("all of it was read"))
        else controller.enqueue(new Uint8Array(10_000).fill(32))
      },
    })
    const request = new Request(`${ORIGIN}/api/trpc/views.save`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: endless,
      ...{ duplex: "half" },
    })
    expect((await trpc(request)).status).toBe(401)
    expect(asked).toBeLessThan(5)
  })
})
