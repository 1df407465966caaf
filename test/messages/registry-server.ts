import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

interface Registered {
  schema: string
  schemaType?: "AVRO" | "PROTOBUF" | "JSON"
  references?: { name: string; subject: string; version: number }[]
}

/** A server with the read half of Confluent's schema registry API, behind basic authentication, that can be made to fail. */
export async function startRegistry(
  schemas: Record<number, Registered>,
  subjects: Record<string, Registered> = {},
) {
  const asked: string[] = []
  let instead: { status: number; body: string } | "never" | null = null
  const server = createServer((request, response) => {
    const url = request.url ?? ""
    asked.push(url)
    if (instead === "never") return
    if (instead) return response.writeHead(instead.status).end(instead.body)
    const reply = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/vnd.schemaregistry.v1+json" })
      response.end(JSON.stringify(body))
    }
    if (request.headers.authorization !== `Basic ${btoa("reader:secret")}`)
      return reply(401, { error_code: 401, message: "Unauthorized" })
    const id = /^\/schemas\/ids\/(\d+)$/.exec(url)?.[1]
    if (id !== undefined) {
      const found = schemas[Number(id)]
      return found ? reply(200, found) : reply(404, { error_code: 40403, message: "Schema not found" })
    }
    const subject = /^\/subjects\/([^/]+)\/versions\/1$/.exec(url)?.[1]
    const found = subject === undefined ? undefined : subjects[decodeURIComponent(subject)]
    if (found) return reply(200, { subject, version: 1, id: 99, ...found })
    return reply(404, { error_code: 40401, message: "Subject not found" })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const access = { username: "reader", password: "secret", ca: null, verify: true }
  return {
    access: { url: `http://127.0.0.1:${port}`, ...access },
    /** Paths, in order. */
    asked,
    /** Answers everything with this from now on, or not at all. */
    answerAll: (status: number | "never", body = "") => {
      instead = status === "never" ? status : { status, body }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A payload in Confluent's wire format. */
export function wire(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeInt32BE(id, 1)
  return Buffer.concat([head, payload])
}
