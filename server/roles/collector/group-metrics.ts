import { Gauge, type Registry } from "prom-client"
import type { GroupLag } from "#server/sampling/index.ts"

export interface GroupMetrics {
  swept(cluster: string, lags: GroupLag[]): void
  /** This collector does not sample the cluster any more: its last numbers must not stand for ever. */
  forget(cluster: string): void
}

/**
 * Lag of groups for Prometheus: two series for each group on each destination, `most` pairs at the most, those with the
 * longest lag first; how many were left out is told. What is unknown has no series.
 */
export function groupMetrics(registry: Registry, most: number): GroupMetrics {
  const kept = new Map<string, (GroupLag & { cluster: string })[]>()
  const counts = new Map<string, number>()
  const registers = [registry]
  const labelNames = ["cluster", "group", "destination"] as const
  const shown = () => [...kept.values()].flat().sort(worstFirst).slice(0, most)
  new Gauge({
    name: "signalbox_group_lag_messages",
    help: "Messages that wait for a consumer group on a destination.",
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { cluster, group, destination, lag } of shown())
        if (lag !== null) this.set({ cluster, group, destination }, lag)
    },
  })
  new Gauge({
    name: "signalbox_group_time_lag_seconds",
    help: "Age of the oldest message that waits for a consumer group on a destination.",
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const { cluster, group, destination, timeLag } of shown())
        if (timeLag !== null) this.set({ cluster, group, destination }, timeLag / 1000)
    },
  })
  new Gauge({
    name: "signalbox_group_series_left_out",
    help: "Groups on destinations that have no lag series here, since there are more than SIGNALBOX_METRICS_GROUPS.",
    registers,
    collect() {
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
      this.set(Math.max(0, all - most))
    },
  })
  return {
    swept: (cluster, lags) => {
      counts.set(cluster, lags.length)
      const worst = lags.toSorted(worstFirst).slice(0, most)
      kept.set(
        cluster,
        worst.map((one) => ({ ...one, cluster })),
      )
    },
    forget: (cluster) => {
      counts.delete(cluster)
      kept.delete(cluster)
    },
  }
}

/** By name where they are alike, so that the same series stay from scrape to scrape. */
function worstFirst(a: GroupLag, b: GroupLag): number {
  return (
    (b.lag ?? -1) - (a.lag ?? -1) ||
    a.group.localeCompare(b.group) ||
    a.destination.localeCompare(b.destination)
  )
}
