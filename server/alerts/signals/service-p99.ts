import { ofServices } from "./services.ts"
import type { OwnSignal } from "./signal.ts"

export const serviceP99: OwnSignal = {
  of: "signalbox",
  id: "service-p99",
  label: "Service latency, p99",
  unit: "ms",
  subject: "service",
  help: "What 99 % of a service's incoming calls stayed below within the last 5 whole minutes, from 20 calls on.",
  suggested: { op: ">", threshold: 2000 },
  sentence: "1 % of the calls to {{ service }} took longer than {{ value }} in the last 5 minutes.",
  read: (round) => ofServices(round, ({ p99Ms }) => p99Ms),
}
