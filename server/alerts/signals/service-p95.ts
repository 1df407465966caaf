import { ofServices } from "./services.ts"
import type { OwnSignal } from "./signal.ts"

export const serviceP95: OwnSignal = {
  of: "signalbox",
  id: "service-p95",
  label: "Service latency, p95",
  unit: "ms",
  subject: "service",
  help: "What 95 % of a service's incoming calls stayed below within the last 5 whole minutes, from 20 calls on.",
  suggested: { op: ">", threshold: 1000 },
  sentence: "5 % of the calls to {{ service }} took longer than {{ value }} in the last 5 minutes.",
  read: (round) => ofServices(round, ({ p95Ms }) => p95Ms),
}
