import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

/** A request as a service gets it. */
export interface Asked {
  method: string
  url: URL
  headers: IncomingHttpHeaders
  /** As it came; JSON is not parsed yet. */
  body: string
}

export interface Answered {
  status: number
  body: string
  headers?: Record<string, string>
}

export interface Service extends AsyncDisposable {
  readonly url: string
  readonly asked: Asked[]
  /** What is answered from now on instead of what the service makes of a request; null: that again. */
  answer(fixed: Answered | null): void
}

/** A local stand-in of a service over HTTP: `accept` is its side of the protocol. */
export async function startService(accept: (asked: Asked) => Answered): Promise<Service> {
  const asked: Asked[] = []
  let fixed: Answered | null = null
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { method = "", url = "", headers } = request
      const one = {
        method,
        url: new URL(url, "http://service.test"),
        headers,
        body: Buffer.concat(chunks).toString("utf8"),
      }
      asked.push(one)
      const answered = fixed ?? accept(one)
      response.writeHead(answered.status, answered.headers).end(answered.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: (next) => {
      fixed = next
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
