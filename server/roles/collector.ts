import { collectDefaultMetrics, Registry } from "prom-client"
import { openVault } from "#server/access/index.ts"
import { readConfig } from "#server/config.ts"
import { createLogger } from "#server/log.ts"
import { readSecretFiles } from "#server/secret-files.ts"
import { openStore } from "#server/store/index.ts"
import { collect } from "./collector/collector.ts"
import { serveHealth } from "./health.ts"
import { untilStopped } from "./process.ts"

/** To the database; docs/configuration.md adds up what a whole installation takes. */
const MAX_CONNECTIONS = 20

readSecretFiles(process.env)
const config = readConfig(process.env)
const log = createLogger("collector")
const registry = new Registry()
collectDefaultMetrics({ register: registry })
const stop = untilStopped()
await using store = openStore(config.databaseUrl ?? "", { max: MAX_CONNECTIONS, keep: config.keep })
const vault = await openVault(config)
const { metricsPort: port, host } = config
const health = port === undefined ? null : serveHealth({ store, registry }, { port, host })
log.info("collector started")
await collect({ store, vault, log, registry, metricsGroups: config.metricsGroups, url: config.url }, stop)
health?.close()
log.info("collector stopped")
