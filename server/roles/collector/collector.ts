import { setTimeout as sleep } from "node:timers/promises"
import type { Registry } from "prom-client"
import type { Vault } from "#server/access/index.ts"
import { forgetAlerts } from "#server/alerts/index.ts"
import { callMetrics } from "#server/brokers/call-metrics.ts"
import { Connections } from "#server/brokers/connections.ts"
import { type ClusterTarget, readTargets } from "#server/clusters/index.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import { forgetSignalSeries, keepPartitions, openStore, rollUp, type Store } from "#server/store/index.ts"
import { maintainTraces } from "#server/traces/index.ts"
import { alertMetrics } from "./alert-metrics.ts"
import { keepArmed } from "./armed.ts"
import { keepFailures } from "./failures.ts"
import { Leases } from "./leases.ts"
import { sampleCluster } from "./loop.ts"
import { collectorMetrics } from "./metrics.ts"
import { keepAlerts } from "./own-alerts.ts"

export interface CollectorParts {
  store: Store
  vault: Vault
  log: Logger
  registry: Registry
  /** Groups on destinations whose lag is told to Prometheus, at most. */
  metricsGroups: number
  /** Where this Signalbox is reached, for links in notifications. */
  url: string
  /** How often clusters are looked for and leases are tried, ms. */
  lookEveryMs?: number
}

const LOOK_EVERY_MS = 3000
const MAINTAIN_EVERY_MS = 60_000
const MAINTENANCE_TIMEOUT_MS = 300_000

interface Running {
  revision: string
  stop: AbortController
  ended: Promise<void>
}

/** Samples every cluster whose lease it holds, until the signal aborts. */
export async function collect(parts: CollectorParts, signal: AbortSignal): Promise<void> {
  const { log } = parts
  const running = new Map<number, Running>()
  const metrics = collectorMetrics(parts.registry, parts.metricsGroups)
  await using connections = new Connections({
    clientId: "signalbox",
    log: (level, message, fields) => log[level](fields, message),
    observe: callMetrics(parts.registry),
  })
  const stopAll = () => {
    for (const one of running.values()) one.stop.abort()
    running.clear()
  }
  await using leases = new Leases(parts.store.url, () => {
    log.warn("lost the database connection that holds the leases; sampling stops until it is back")
    stopAll()
  })
  const keeping = Promise.all([
    maintainStore(parts, signal),
    keepAlerts({ ...parts, leases, alertMetrics: alertMetrics(parts.registry) }, signal),
  ])
  while (!signal.aborted) {
    try {
      await leases.check()
      const { targets, unreadable } = await readTargets(parts.store, parts.vault)
      for (const one of unreadable)
        log.error({ cluster: one.slug, err: one.error }, "cluster cannot be opened")
      await endOld(running, { targets, leases, connections })
      for (const target of targets) {
        if (running.has(target.clusterId) || !(await leases.take(target.clusterId))) continue
        running.set(target.clusterId, start({ ...parts, connections, target, metrics }))
        log.info({ cluster: target.slug }, "sampling")
      }
    } catch (error) {
      log.warn({ err: error }, "cannot look for clusters; trying again")
    }
    metrics.held(running.size)
    await sleep(parts.lookEveryMs ?? LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
  const ends = [...running.values()].map((one) => one.ended)
  stopAll()
  await Promise.allSettled([...ends, keeping])
}

function start(
  parts: CollectorParts & {
    connections: Connections
    target: ClusterTarget
    metrics: ReturnType<typeof collectorMetrics>
  },
): Running {
  const stop = new AbortController()
  const sampling = sampleCluster(parts, stop.signal).catch((error: unknown) => {
    parts.log.error({ cluster: parts.target.slug, err: error }, "sampling ended")
  })
  const others = [keepArmed(parts, stop.signal), keepFailures(parts, stop.signal)]
  const ended = Promise.all([sampling, ...others]).then(() => undefined)
  return { revision: parts.target.revision, stop, ended }
}

/** Ends what was removed or changed; a changed cluster starts again at once with its new settings. */
async function endOld(
  running: Map<number, Running>,
  now: { targets: ClusterTarget[]; leases: Leases; connections: Connections },
): Promise<void> {
  const wanted = new Map(now.targets.map((target) => [target.clusterId, target.revision]))
  for (const [clusterId, one] of running) {
    if (wanted.get(clusterId) === one.revision) continue
    one.stop.abort()
    running.delete(clusterId)
    await one.ended
    await now.connections.release(clusterId)
    if (!wanted.has(clusterId)) await now.leases.give(clusterId)
  }
}

/** Partitions ahead, roll-ups behind. Any number of collectors may try; one works at a time. */
async function maintainStore(parts: CollectorParts, signal: AbortSignal): Promise<void> {
  // Rolling up an hour after an outage may take longer than anything that a page waits for.
  const { url, keep } = parts.store
  await using store = openStore(url, { max: 1, keep, statementTimeoutMs: MAINTENANCE_TIMEOUT_MS })
  const maintain = async () => {
    try {
      await keepPartitions(store, Date.now())
      await rollUp(store, Date.now())
      await forgetSignalSeries(store, Date.now())
      await forgetAlerts(store, Date.now())
      await maintainTraces(store, Date.now())
    } catch (error) {
      parts.log.warn({ err: error }, "maintenance of the database failed; trying again")
    }
  }
  await every(MAINTAIN_EVERY_MS, maintain, signal)
}
