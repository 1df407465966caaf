import { createServer } from "node:http"
import { expect, it } from "vitest"
import { askOutside, readOutboundPolicy } from "#server/outbound/index.ts"
import { listening } from "#test/brokers/listening.ts"

const policy = (settings: Record<string, string> = {}) =>
  readOutboundPolicy({ NODE_ENV: "test", ...settings })
const at = (port: number, host = "127.0.0.1") => new URL(`http://${host}:${port}/token`)

it("sends what it was given, and answers what it got", async () => {
  const seen: unknown[] = []
  await using server = await listening(
    createServer(async (request, response) => {
      const chunks = await request.toArray()
      seen.push([request.method, request.headers.authorization, Buffer.concat(chunks).toString()])
      response.writeHead(201, { "x-kind": "token" }).end("grüße")
    }),
  )
  const headers = { authorization: "Basic abc" }
  const answer = await askOutside({ url: at(server.port), method: "POST", headers, body: "a=ü" }, policy())
  expect(seen).toEqual([["POST", "Basic abc", "a=ü"]])
  expect(answer).toMatchObject({ status: 201, body: "grüße", headers: { "x-kind": "token" } })
})

it("does not follow redirects", async () => {
  let asked = 0
  await using server = await listening(
    createServer((_, response) => {
      asked += 1
      response.writeHead(307, { location: "/elsewhere" }).end()
    }),
  )
  expect(await askOutside({ url: at(server.port) }, policy())).toMatchObject({ status: 307 })
  expect(asked).toBe(1)
})

it("ends an answer that is too large, and one that does not come", async () => {
  await using endless = await listening(
    createServer((_, response) => {
      response.on("error", () => undefined)
      const more = () => void (response.destroyed || response.write("x".repeat(10_000), more))
      more()
    }),
  )
  await expect(askOutside({ url: at(endless.port) }, policy())).rejects.toThrow("more than 65536 bytes")
  await using silent = await listening(createServer(() => undefined))
  await expect(askOutside({ url: at(silent.port), timeoutMs: 200 }, policy())).rejects.toThrow(/abort/i)
})

it("opens no connection to what is refused, by address or by name", async () => {
  let connections = 0
  const server = createServer((_, response) => void response.end())
  server.on("connection", () => {
    connections += 1
  })
  await using open = await listening(server)
  const refuse = policy({ SIGNALBOX_HTTP_PRIVATE: "refuse" })
  const names = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
  for (const host of names)
    await expect(askOutside({ url: at(open.port, host) }, refuse)).rejects.toMatchObject({
      code: "forbidden",
    })
  await expect(askOutside({ url: new URL("file:///etc/passwd") }, policy())).rejects.toThrow("only http")
  expect(connections).toBe(0)
  const listed = policy({ SIGNALBOX_HTTP_PRIVATE: "refuse", SIGNALBOX_HTTP_TARGETS: "localhost" })
  expect(await askOutside({ url: at(open.port, "localhost") }, listed)).toMatchObject({ status: 200 })
})
