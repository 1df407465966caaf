import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import type { Swept } from "#server/sampling/index.ts"
import { groupMetrics } from "./group-metrics.ts"

export interface CollectorMetrics {
  swept(cluster: string, swept: Swept): void
  failed(cluster: string): void
  skipped(cluster: string, sweeps: number): void
  held(clusters: number): void
  /** The cluster is not sampled here any more. */
  released(cluster: string): void
}

/** What a collector tells Prometheus of itself. */
export function collectorMetrics(registry: Registry, mostGroups: number): CollectorMetrics {
  const registers = [registry]
  const labelNames = ["cluster"] as const
  const groups = groupMetrics(registry, mostGroups)
  const seconds = new Histogram({
    name: "signalbox_sweep_seconds",
    help: "Time of a sweep at the brokers.",
    labelNames,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const requests = new Counter({
    name: "signalbox_sweep_requests_total",
    help: "Requests sent to brokers.",
    labelNames,
    registers,
  })
  const bytes = new Counter({
    name: "signalbox_sweep_received_bytes_total",
    help: "Bytes received from brokers.",
    labelNames,
    registers,
  })
  const problems = new Gauge({
    name: "signalbox_sweep_problems",
    help: "What the last sweep could not read.",
    labelNames,
    registers,
  })
  const at = new Gauge({
    name: "signalbox_sweep_timestamp_seconds",
    help: "When the last sweep was stored.",
    labelNames,
    registers,
  })
  const failures = new Counter({
    name: "signalbox_sweep_failures_total",
    help: "Sweeps that failed as a whole.",
    labelNames,
    registers,
  })
  const skips = new Counter({
    name: "signalbox_sweep_skipped_total",
    help: "Sweeps skipped since one was late.",
    labelNames,
    registers,
  })
  const clusters = new Gauge({
    name: "signalbox_clusters_held",
    help: "Clusters that this collector samples.",
    registers,
  })
  return {
    swept: (cluster, { sampled, lags }) => {
      groups.swept(cluster, lags)
      seconds.observe({ cluster }, sampled.cost.ms / 1000)
      requests.inc({ cluster }, sampled.cost.requests)
      bytes.inc({ cluster }, sampled.cost.bytesIn)
      problems.set({ cluster }, sampled.problems.length)
      at.set({ cluster }, sampled.at / 1000)
    },
    failed: (cluster) => failures.inc({ cluster }),
    skipped: (cluster, sweeps) => {
      if (sweeps > 0) skips.inc({ cluster }, sweeps)
    },
    held: (count) => clusters.set(count),
    released: (cluster) => {
      groups.forget(cluster)
      for (const gauge of [problems, at]) gauge.remove({ cluster })
    },
  }
}
