import { setTimeout as sleep } from "node:timers/promises"
import type { Problem } from "#server/brokers/broker.ts"
import type { Connections } from "#server/brokers/connections.ts"
import type { ClusterTarget } from "#server/clusters/index.ts"
import { messageOf } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { ClusterSampling, type Swept } from "#server/sampling/index.ts"
import { isStoreAway, type Store, toJson, toStoreError } from "#server/store/index.ts"
import { ClusterAlerts } from "./cluster-alerts.ts"
import type { CollectorMetrics } from "./metrics.ts"

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
const FIRST_DESCRIBE_SHARE = 0.4

/**
 * Samples one cluster until the signal aborts. Sweeps stand at multiples of the interval, shifted by the cluster's own
 * share of it, so that clusters do not all sweep at once; a sweep that is late makes the next ones be skipped, not pile
 * up.
 */
export async function sampleCluster(parts: LoopParts, signal: AbortSignal): Promise<void> {
  const { target, log } = parts
  const jitter = jitterOf(target.clusterId, target.intervalMs)
  signal.addEventListener("abort", () => parts.metrics.released(target.slug), { once: true })
  const alerts = new ClusterAlerts(parts)
  let sampling: ClusterSampling | null = null
  let describedAt = 0
  /** What was in the way of the sweep before the last description. */
  let troubleThen = ""
  let last = 0
  while (!signal.aborted) {
    const at = nextMoment(Date.now(), target.intervalMs, jitter)
    parts.metrics.skipped(target.slug, last === 0 ? 0 : Math.round((at - last) / target.intervalMs) - 1)
    await sleep(at - Date.now(), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    last = at
    const within = (ms: number) => AbortSignal.any([signal, AbortSignal.timeout(Math.max(1000, ms))])
    try {
      const isFirst = sampling === null
      sampling ??= new ClusterSampling({
        store: parts.store,
        target,
        broker: parts.connections.get(target),
        onStored: (client, moment) => alerts.stored(client, moment),
      })
      // Once, and in a part of the time: a cluster that cannot be described is sampled all the same.
      if (isFirst) await describe(sampling, parts, within(target.intervalMs * FIRST_DESCRIBE_SHARE))
      const swept = await sampling.sweep(at, within(target.intervalMs * DEADLINE_SHARE))
      parts.metrics.swept(target.slug, swept)
      const trouble = troubleOf(swept)
      if (trouble !== troubleThen || at - describedAt >= DESCRIBE_EVERY_MS) {
        if (await describe(sampling, parts, within(target.intervalMs))) {
          describedAt = at
          troubleThen = trouble
        }
      }
    } catch (error) {
      if (signal.aborted) return
      log.warn({ cluster: target.slug, err: error }, "sweep failed")
      parts.metrics.failed(target.slug)
      if (isStoreAway(error)) sampling = null
      else {
        await noteFailure(parts.store, target.clusterId, messageOf(toStoreError(error)))
        await alerts.missed(at)
      }
    }
  }
}

/**
 * Which nodes there are and what could not be read, as one text. Once it changes, the cluster is described at once: a broker
 * that died is to be known before the alerts that it explains fire.
 */
function troubleOf({ sampled: { nodes, problems } }: Swept): string {
  const parts = problems.map(({ code, part }) => `${code} ${JSON.stringify(part)}`)
  return JSON.stringify([nodes.toSorted((a, b) => a - b), parts.sort()])
}

/**
 * Describes the cluster. What fails is told as a problem of the cluster, and does not fail the sweep: its numbers are
 * right, only what changes slowly is older than it should be. Returns whether it went well.
 */
async function describe(sampling: ClusterSampling, parts: LoopParts, signal: AbortSignal): Promise<boolean> {
  const { target, log } = parts
  try {
    await sampling.describe(signal)
    return true
  } catch (error) {
    if (isStoreAway(error)) throw error
    log.warn({ cluster: target.slug, err: error }, "the cluster could not be described")
    await noteUndescribed(parts.store, target.clusterId, messageOf(toStoreError(error)))
    return false
  }
}

async function noteUndescribed(store: Store, clusterId: number, error: string): Promise<void> {
  const problem: Problem = {
    part: { kind: "cluster" },
    code: "undescribed",
    message: `The cluster could not be described, so its nodes, configuration and members may be out of date: ${error}`,
  }
  const sql = `insert into cluster_state (cluster_id, problems) values ($1, jsonb_build_object('description', $2::jsonb))
    on conflict (cluster_id) do update set problems = case jsonb_typeof(cluster_state.problems)
      when 'object' then cluster_state.problems else '{}' end || excluded.problems`
  await store.pool.query(sql, [clusterId, toJson([problem])]).catch(() => undefined)
}

async function noteFailure(store: Store, clusterId: number, error: string): Promise<void> {
  const sql = `insert into cluster_state (cluster_id, error) values ($1, $2)
    on conflict (cluster_id) do update set error = excluded.error`
  await store.pool.query(sql, [clusterId, error]).catch(() => undefined)
  await store.pool
    .query("select pg_notify('signalbox_sweep', $1)", [toJson({ cluster: clusterId, at: null })])
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
