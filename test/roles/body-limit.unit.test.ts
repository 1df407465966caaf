import { createServer, request as httpRequest, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { BodyGuard } from "#server/roles/web/body-limit.ts"

const LIMITS = { most: 1000, mostUpload: 5000, mostTogether: 8000 }
const UPLOAD = "/signalbox/api/trpc/messages.produce"

let server: Server
let port: number
let received = 0
let release: (() => void)[] = []

beforeAll(async () => {
  const guard = new BodyGuard(LIMITS)
  server = createServer((request, response) => {
    if (!guard.admit(request, response)) return
    request.on("data", (chunk: Buffer) => {
      received += chunk.byteLength
    })
    request.once("end", () => {
      if (request.url?.includes("hold")) release.push(() => response.end("done"))
      else response.end("done")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

interface Sent {
  path: string
  bytes: number
  /** Says how long it is, or sends piece by piece. */
  declared: boolean
}

function send({ path, bytes, declared }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = declared ? { "content-length": bytes } : {}
    const sending = httpRequest(
      { port, host: "127.0.0.1", path, method: "POST", headers, agent: false },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    // The server may cut the connection while the rest is on its way.
    sending.on("error", (error) => setTimeout(() => reject(error), 1000))
    for (let left = bytes; left > 0; left -= 500) sending.write(Buffer.alloc(Math.min(500, left)))
    sending.end()
  })
}

it.each([true, false])(
  "refuses a body that is too large, whether its length is declared (%s) or not",
  async (declared) => {
    received = 0
    expect(await send({ path: "/api/trpc/access.accept", bytes: 1000, declared })).toBe(200)
    expect(await send({ path: "/api/trpc/access.accept", bytes: 400_000, declared })).toBe(413)
    expect(received).toBeLessThanOrEqual(2000)
  },
)

it("lets an upload be larger, below any sub-path, but not for a batch that names it", async () => {
  expect(await send({ path: UPLOAD, bytes: 5000, declared: true })).toBe(200)
  expect(await send({ path: UPLOAD, bytes: 5001, declared: true })).toBe(413)
  expect(
    await send({ path: "/api/trpc/messages.produce,access.me?batch=1", bytes: 5000, declared: true }),
  ).toBe(413)
  expect(
    await send({ path: "/api/trpc/access.me?x=/api/trpc/messages.produce", bytes: 5000, declared: true }),
  ).toBe(413)
})

it("refuses what all bodies together may not hold, and takes more when some are over", async () => {
  release = []
  const path = `${UPLOAD}?hold`
  const held = [send({ path, bytes: 4000, declared: false }), send({ path, bytes: 3900, declared: true })]
  await expect.poll(() => release.length).toBe(2)
  expect(await send({ path: UPLOAD, bytes: 900, declared: true })).toBe(503)
  expect(await send({ path: UPLOAD, bytes: 900, declared: false })).toBe(503)
  for (const end of release) end()
  expect(await Promise.all(held)).toEqual([200, 200])
  await expect.poll(() => send({ path: UPLOAD, bytes: 900, declared: true })).toBe(200)
})
