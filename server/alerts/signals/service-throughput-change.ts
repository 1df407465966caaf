import { LAST_MINUTES, readWindow, serviceSeries } from "./services.ts"
import type { OwnSignal, Reading } from "./signal.ts"

const HOUR_MS = 3_600_000
const ENOUGH_CALLS = 100
/** The hour before the last 5 minutes, in windows of 5 minutes. */
const WINDOWS_BEFORE = 12

export const serviceThroughputChange: OwnSignal = {
  of: "signalbox",
  id: "service-throughput-change",
  label: "Service throughput against the hour before",
  unit: "times",
  subject: "service",
  help: "Incoming calls of a service in the last 5 whole minutes, compared with the mean of the hour before: 1 is as many, 0 is none. From 100 calls in that hour on.",
  suggested: { op: "<", threshold: 0.3 },
  sentence: "{{ service }} is called {{ value }} as often as in the hour before.",
  read: async (round) => {
    const [now, before] = await Promise.all([
      readWindow(round, LAST_MINUTES),
      readWindow(round, { minutes: HOUR_MS / 60_000, before: LAST_MINUTES.minutes * 60_000 }),
    ])
    const calls = new Map(now.map((service) => [service.serviceId, service.calls]))
    return before.map(
      (service): Reading => ({
        series: serviceSeries(round, service),
        value:
          service.calls < ENOUGH_CALLS
            ? null
            : (calls.get(service.serviceId) ?? 0) / (service.calls / WINDOWS_BEFORE),
      }),
    )
  },
}
