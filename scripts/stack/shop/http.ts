import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { type Context, SpanKind, type Tracer } from "@opentelemetry/api"
import { annotate, contextOf, inSpan } from "./spans.ts"

export interface HttpServer extends AsyncDisposable {
  url: string
}

/** Serves POST of one path with JSON, on loopback; each request is a span of kind server. */
export async function serveHttp(
  route: string,
  tracer: Tracer,
  handle: (request: unknown, at: Context) => Promise<object>,
): Promise<HttpServer> {
  const attributes = { "http.request.method": "POST", "http.route": route, "url.path": route }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const parent = contextOf(request.headers)
    const answer = (status: number, body: object, at: Context) => {
      annotate(at, { "http.response.status_code": status })
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    }
    await inSpan(tracer, { name: `POST ${route}`, kind: SpanKind.SERVER, attributes, parent }, async (at) => {
      try {
        answer(200, await handle(JSON.parse(Buffer.concat(chunks).toString()), at), at)
      } catch (error) {
        answer(502, { error: String(error) }, at)
        throw error
      }
    }).catch(() => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${route}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
