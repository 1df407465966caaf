import { createServer, type Server } from "node:http"
import type { Registry } from "prom-client"
import type { Store } from "#server/store/index.ts"

/** Serves a role's own /healthz (it lives), /readyz (its database answers) and /metrics (Prometheus). */
export function serveHealth(
  parts: { store: Store; registry: Registry },
  at: { port: number; host: string },
): Server {
  const server = createServer(async (request, response) => {
    const { status, type, body } = await answer(parts, request.url ?? "")
    response.writeHead(status, { "content-type": type }).end(body)
  })
  return server.listen(at.port, at.host)
}

interface Answer {
  status: number
  type: string
  body: string
}

async function answer(
  { store, registry }: { store: Store; registry: Registry },
  url: string,
): Promise<Answer> {
  const text = (status: number, body: string) => ({ status, type: "text/plain; charset=utf-8", body })
  switch (url.split("?")[0]) {
    case "/healthz":
      return text(200, "ok\n")
    case "/readyz":
      return store.pool.query("select 1 from cluster limit 1").then(
        () => text(200, "ready\n"),
        () => text(503, "the database does not answer\n"),
      )
    case "/metrics":
      return { status: 200, type: registry.contentType, body: await registry.metrics() }
    default:
      return text(404, "There is /healthz, /readyz and /metrics.\n")
  }
}
