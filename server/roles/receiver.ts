import { collectDefaultMetrics, Registry } from "prom-client"
import { readConfig } from "#server/config.ts"
import { every } from "#server/every.ts"
import { createLogger } from "#server/log.ts"
import { readSecretFiles } from "#server/secret-files.ts"
import { openStore } from "#server/store/index.ts"
import { consumeSpans, declareRetention, Receiver, SpanTokens, Tls } from "#server/traces/index.ts"
import { serveHealth } from "./health.ts"
import { untilStopped } from "./process.ts"
import { listenAll } from "./receiver/listen.ts"
import { receiverMetrics } from "./receiver/metrics.ts"

/** To the database; docs/configuration.md adds up what a whole installation takes. */
const MAX_CONNECTIONS = 4
const EXPIRE_EVERY_MS = 60_000

readSecretFiles(process.env)
const config = readConfig(process.env)
const { host, tokens, metricsPort, keepDays, keepBytes, tls: files, kafka } = config.receiver
const log = createLogger("receiver")
const registry = new Registry()
collectDefaultMetrics({ register: registry })
const stop = untilStopped()
await using store = openStore(config.databaseUrl ?? "", { max: MAX_CONNECTIONS })
const keep = { days: keepDays, bytes: keepBytes }
const receiver = new Receiver({ store, keep, counts: receiverMetrics(registry), log })
const health =
  metricsPort === undefined ? null : serveHealth({ store, registry }, { port: metricsPort, host })
const tls = files ? await Tls.open(files, log) : undefined
const spanTokens = new SpanTokens(tokens, { store, log })
const admits = (authorization: string | undefined) => spanTokens.admits(authorization)
const close = await listenAll({ receiver, admits, log, tls }, config.receiver)
const stopKafka = kafka ? await consumeSpans({ receiver, log }, kafka) : null
log.info("receiver started")
await every(EXPIRE_EVERY_MS, expire, stop)
// Requests that are under way are answered first: what was committed is acknowledged.
await Promise.all([close(), stopKafka?.()])
tls?.close()
health?.close()
log.info("receiver stopped")

async function expire(): Promise<void> {
  try {
    receiver.keep = await declareRetention(store, keep)
    const dropped = await receiver.expire(Date.now())
    if (dropped.length > 0)
      log.info({ from: dropped.map((from) => new Date(from).toISOString()) }, "dropped old spans")
  } catch (error) {
    log.warn({ err: error }, "old spans could not be dropped; trying again in a minute")
  }
}
