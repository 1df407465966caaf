import { createServer } from "node:http"
import { collectDefaultMetrics, Registry } from "prom-client"
import { openVault } from "../access/secrets.ts"
import { readConfig } from "../config.ts"
import { createLogger } from "../log.ts"
import { openStore } from "../store/index.ts"
import { collect } from "./collector/collector.ts"
import { untilStopped } from "./process.ts"

const config = readConfig(process.env)
const log = createLogger("collector")
const registry = new Registry()
collectDefaultMetrics({ register: registry })
const stop = untilStopped()
await using store = openStore(config.databaseUrl ?? "", { keep: config.keep })
const vault = await openVault(config)
const metrics = config.metricsPort === undefined ? null : serveMetrics(config.metricsPort)
log.info("collector started")
await collect({ store, vault, log, registry }, stop)
metrics?.close()
log.info("collector stopped")

function serveMetrics(port: number) {
  const server = createServer(async (request, response) => {
    if (request.url === "/healthz") response.end("ok\n")
    else if (request.url === "/metrics") {
      response.setHeader("content-type", registry.contentType)
      response.end(await registry.metrics())
    } else {
      response.statusCode = 404
      response.end()
    }
  })
  return server.listen(port, config.host)
}
