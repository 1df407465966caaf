import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  at: number
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Receiver extends AsyncDisposable {
  readonly url: string
  /** What came, in order; also what was answered with an error. */
  readonly received: Received[]
  /** How many requests were open at the same time, at most. */
  mostAtOnce(): number
  /** What is answered from now on; default 200. */
  answer(status: number, headers?: Record<string, string>): void
}

/** A server that takes webhooks and keeps them. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let [status, sent]: [number, Record<string, string>] = [200, {}]
  let [open, most] = [0, 0]
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    open += 1
    most = Math.max(most, open)
    response.once("close", () => {
      open -= 1
    })
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const { url = "", headers } = request
      received.push({ at: Date.now(), path: url, headers, body: Buffer.concat(chunks).toString("utf8") })
      response.writeHead(status, sent).end(status < 300 ? "taken" : "not now")
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    mostAtOnce: () => most,
    answer: (next, headers = {}) => {
      status = next
      sent = headers
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
