import { Histogram, type Registry } from "prom-client"
import type { ObservedCall } from "./observed.ts"

/** Tells Prometheus how long calls to brokers take, by system, call and outcome; never by cluster or name. */
export function callMetrics(registry: Registry): (system: string, call: ObservedCall) => void {
  const seconds = new Histogram({
    name: "signalbox_broker_call_seconds",
    help: "Time of a call to a cluster.",
    labelNames: ["system", "call", "outcome"] as const,
    buckets: [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 60],
    registers: [registry],
  })
  return (system, { call, outcome, ms }) => seconds.observe({ system, call, outcome }, ms / 1000)
}
