import { Gauge, type Registry } from "prom-client"
import type { AlertCount } from "#server/alerts/index.ts"

export interface AlertMetrics {
  counted(counts: readonly AlertCount[]): void
  /** Another collector counts by now. */
  forget(): void
}

/** Alerts for Prometheus, told by the one collector that looks after them: adding up collectors counts none twice. */
export function alertMetrics(registry: Registry): AlertMetrics {
  const gauge = new Gauge({
    name: "signalbox_alerts",
    help: "Alerts that fire or are pending. Rules without one have no series.",
    labelNames: ["rule", "severity", "state"] as const,
    registers: [registry],
  })
  return {
    counted: (counts) => {
      gauge.reset()
      for (const { count, ...labels } of counts) gauge.set(labels, count)
    },
    forget: () => gauge.reset(),
  }
}
