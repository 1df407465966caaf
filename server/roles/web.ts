import { createServer } from "node:http"
import path from "node:path"
import next from "next"
import { parseProxies, settleAddresses } from "#server/access/address.ts"
import { readConfig } from "#server/config.ts"
import { createLogger } from "#server/log.ts"
import { readSecretFiles } from "#server/secret-files.ts"
import { untilStopped } from "./process.ts"
import { BodyGuard } from "./web/body-limit.ts"
import { answerOdd } from "./web/odd-request.ts"

/**
 * The web role: the built Next.js application, in this very process, so that whatever ends it frees its port. With `--dev`
 * pages are compiled as they are asked for, and browsers follow their sources.
 */
const dev = process.argv.includes("--dev")
const GRACE_MS = 10_000
/** Slow clients: a request's headers within a minute, all of it within five. */
const HEADERS_MS = 60_000
const REQUEST_MS = 300_000

readSecretFiles(process.env)
const config = readConfig(process.env)
settleAddresses(parseProxies(config.trustedProxies))
const mode = dev ? "development" : "production"
Object.assign(process.env, {
  NODE_ENV: mode,
  NEXT_TELEMETRY_DISABLED: "1",
  SIGNALBOX_BASE_PATH: config.basePath,
})
const stop = untilStopped()
const app = next({
  dev,
  dir: path.resolve(import.meta.dirname, "../.."),
  hostname: config.host,
  port: config.port,
})
await app.prepare()
const answer = app.getRequestHandler()
const guard = new BodyGuard()
const log = createLogger("web")

const server = createServer(
  { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
  (request, response) => {
    if (answerOdd(request, response) || !guard.admit(request, response)) return
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url?.split("?")[0] }, "a request could not be answered")
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  },
)
server.on("error", (error) => {
  log.error({ err: error }, "the web role cannot listen")
  process.exit(1)
})
server.listen(config.port, config.host)

stop.addEventListener("abort", () => {
  // Streams end by themselves (server/web.ts); what is still open after the grace is cut.
  server.close(() => process.exit())
  server.closeIdleConnections()
  setTimeout(() => process.exit(), GRACE_MS).unref()
})
