import { setTimeout as sleep } from "node:timers/promises"
import type { Connections } from "../../brokers/connections.ts"
import type { ClusterTarget } from "../../clusters/targets.ts"
import { messageOf } from "../../errors.ts"
import { warmEvaluator } from "../../lag/index.ts"
import type { Logger } from "../../log.ts"
import { isStoreAway, type Store } from "../../store/index.ts"
import type { CollectorMetrics } from "./metrics.ts"
import { ClusterSampling } from "./sweep.ts"

export interface LoopParts {
  store: Store
  connections: Connections
  target: ClusterTarget
  log: Logger
  metrics: CollectorMetrics
}

const DESCRIBE_EVERY_MS = 60_000
/** A sweep may take this share of the interval; what has not answered by then is named in its problems. */
const DEADLINE_SHARE = 0.8

/**
 * Samples one cluster until the signal aborts. Sweeps stand at multiples of the interval, shifted by the cluster's own
 * share of it, so that clusters do not all sweep at once; a sweep that is late makes the next ones be skipped, not pile
 * up.
 */
export async function sampleCluster(parts: LoopParts, signal: AbortSignal): Promise<void> {
  const { target, log } = parts
  const jitter = jitterOf(target.clusterId, target.intervalMs)
  let sampling: ClusterSampling | null = null
  let describedAt = 0
  let last = 0
  while (!signal.aborted) {
    const at = nextMoment(Date.now(), target.intervalMs, jitter)
    parts.metrics.skipped(target.slug, last === 0 ? 0 : Math.round((at - last) / target.intervalMs) - 1)
    await sleep(at - Date.now(), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    last = at
    const deadline = AbortSignal.any([
      signal,
      AbortSignal.timeout(Math.max(1000, target.intervalMs * DEADLINE_SHARE)),
    ])
    try {
      sampling ??= await startSampling(parts)
      if (describedAt === 0) await sampling.describe(deadline).catch(() => undefined)
      const sampled = await sampling.sweep(at, deadline)
      parts.metrics.swept(target.slug, sampled)
      if (at - describedAt >= DESCRIBE_EVERY_MS) {
        await sampling.describe(AbortSignal.any([signal, AbortSignal.timeout(target.intervalMs)]))
        describedAt = at
      }
    } catch (error) {
      if (signal.aborted) return
      log.warn({ cluster: target.slug, err: error }, "sweep failed")
      parts.metrics.failed(target.slug)
      if (isStoreAway(error)) sampling = null
      else await noteFailure(parts.store, target.clusterId, messageOf(error))
    }
  }
}

async function startSampling(parts: LoopParts): Promise<ClusterSampling> {
  const { store, target } = parts
  const evaluator = await warmEvaluator(store, target.clusterId, Date.now())
  return new ClusterSampling({ store, target, broker: parts.connections.get(target), evaluator })
}

async function noteFailure(store: Store, clusterId: number, error: string): Promise<void> {
  const sql = `insert into cluster_state (cluster_id, error) values ($1, $2)
    on conflict (cluster_id) do update set error = excluded.error`
  await store.pool.query(sql, [clusterId, error]).catch(() => undefined)
  await store.pool
    .query("select pg_notify('signalbox_sweep', $1)", [JSON.stringify({ cluster: clusterId, at: null })])
    .catch(() => undefined)
}

/** The next moment ≥ now that is `jitter` past a multiple of the interval. */
export function nextMoment(now: number, intervalMs: number, jitter: number): number {
  return Math.ceil((now - jitter) / intervalMs) * intervalMs + jitter
}

/** A cluster's own share of the interval: the golden ratio spreads consecutive ids evenly. */
export function jitterOf(clusterId: number, intervalMs: number): number {
  return Math.floor(((clusterId * 0.618_033_988_749_895) % 1) * intervalMs * 0.5)
}
