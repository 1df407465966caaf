import { Counter, type Registry } from "prom-client"
import type { ReceiverCounts } from "#server/traces/index.ts"

/** What a receiver tells Prometheus. */
export function receiverMetrics(registry: Registry): ReceiverCounts {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `signalbox_receiver_${name}`, help, labelNames, registers: [registry] })
  const accepted = counter("spans_total", "Spans that were stored.")
  const rejected = counter(
    "spans_rejected_total",
    "Spans that could not be kept, such as those without an id.",
  )
  const cut = counter("cut_total", "Parts of spans that exceeded a limit.", ["part"])
  const refused = counter("requests_refused_total", "Requests that were not taken.", ["reason"])
  return {
    accepted: (spans) => accepted.inc(spans),
    rejected: (spans) => rejected.inc(spans),
    cut: (cuts) => {
      for (const [part, count] of Object.entries(cuts)) if (count > 0) cut.inc({ part }, count)
    },
    refused: (reason) => refused.inc({ reason }),
  }
}
