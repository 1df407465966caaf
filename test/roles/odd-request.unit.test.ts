import { createServer, request as httpRequest, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { answerOdd } from "#server/roles/web/odd-request.ts"

let server: Server
beforeAll(async () => {
  server = createServer((request, response) => {
    if (!answerOdd(request, response)) response.end("passed on")
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})
afterAll(() => server.close())

function ask(method: string, path: string): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port, method, path, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once("error", reject)
      .end()
  })
}

it.each([
  ["GET", "/clusters/a%/groups", 400],
  ["GET", "/api/trpc/%zz", 400],
  ["POST", "/api/v1/clusters/%E0%A4%A/x?a=1", 400],
  ["GET", "/metrics/%C0%AF", 400],
  ["GET", "/%ED%A0%80", 400],
  ["TRACE", "/", 405],
  ["PROPFIND", "/api/trpc/access.me", 405],
  ["GET", "/?q=%zz", 200],
  ["GET", "/clusters/a%252Fb/groups/gr%C3%BC%C3%9Fe", 200],
  ["OPTIONS", "/api/trpc/access.me", 200],
])("%s %s is answered with %i", async (method, path, status) => {
  expect(await ask(method, path)).toBe(status)
})
