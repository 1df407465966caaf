import { ofServices } from "./services.ts"
import type { OwnSignal } from "./signal.ts"

export const serviceErrorRate: OwnSignal = {
  of: "signalbox",
  id: "service-error-rate",
  label: "Service error rate",
  unit: "ratio",
  subject: "service",
  help: "The share of a service's incoming calls that failed within the last 5 whole minutes, from 20 calls on.",
  suggested: { op: ">", threshold: 0.05 },
  sentence: "{{ value }} of the calls to {{ service }} failed in the last 5 minutes.",
  read: (round) => ofServices(round, ({ errors, calls }) => errors / calls),
}
