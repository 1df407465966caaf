import { createServer } from "node:http"
import { continueTrace, type Traceparent } from "./traceparent.ts"

export type Handler = (request: unknown, trace: Traceparent) => Promise<object>

export interface RpcServer extends AsyncDisposable {
  url: string
}

/** Methods of a service over loopback HTTP: POST /method with JSON, trace context in `traceparent`. */
export async function serveRpc(methods: Record<string, Handler>): Promise<RpcServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const handler = methods[(request.url ?? "").slice(1)]
    const trace = continueTrace(request.headers.traceparent as string | undefined)
    try {
      if (!handler) throw new Error(`there is no method ${request.url}`)
      const answer = await handler(JSON.parse(Buffer.concat(chunks).toString()), trace)
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer))
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ error: String(error) }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Calls a method of another service within its deadline. The caller says what it expects to get. */
export async function callRpc<Answer>(url: string, request: object, trace: Traceparent): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", traceparent: trace },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(5000),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}
