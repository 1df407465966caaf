import { LAST_MINUTES, readWindow, serviceSeries } from "./services.ts"
import type { OwnSignal } from "./signal.ts"

export const serviceBurnRate: OwnSignal = {
  of: "signalbox",
  id: "service-burn-rate",
  label: "SLO burn rate",
  unit: "times",
  subject: "service",
  help: "How fast a service with an objective uses up its budget of bad calls: the smaller of the rates over the last hour and the last 5 minutes. 1 uses all of it up by the end of the objective's period, 14 in two days of thirty.",
  suggested: { op: ">", threshold: 14 },
  sentence: "{{ service }} uses up its error budget {{ value }} as fast as its objective allows.",
  read: async (round) => {
    const [short, long] = await Promise.all([
      readWindow(round, LAST_MINUTES),
      readWindow(round, { minutes: 60, before: 0 }),
    ])
    const rates = new Map(short.map((service) => [service.serviceId, service.burn?.burnRate ?? null]))
    return long
      .filter(({ burn }) => burn !== null)
      .map((service) => {
        const [now, hour] = [rates.get(service.serviceId) ?? 0, service.burn?.burnRate ?? null]
        return {
          series: serviceSeries(round, service),
          value: hour === null ? null : Math.min(now, hour),
        }
      })
  },
}
