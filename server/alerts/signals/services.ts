import { type RecentCalls, recentCalls } from "#server/traces/index.ts"
import type { BaseRound, Reading, Series } from "./signal.ts"

const MINUTE_MS = 60_000
/** Spans arrive with some delay: exporters send every five seconds, and a minute is judged once it is over. */
const WINDOW_MINUTES = 5
/** With fewer calls a share or a percentile says nothing. */
const ENOUGH_CALLS = 20

/** Calls of services over some whole minutes that end `before` ms ago. */
export interface Window {
  minutes: number
  before: number
}

export const LAST_MINUTES: Window = { minutes: WINDOW_MINUTES, before: 0 }

/** The incoming calls of each service; read once for all signals of the same minute. */
export function readWindow(round: BaseRound, { minutes, before }: Window): Promise<RecentCalls[]> {
  const to = Math.floor(round.at / MINUTE_MS) * MINUTE_MS - before
  const name = `services ${minutes} ${before}`
  const kept = round.memory(name, (): { to: number; calls: Promise<RecentCalls[]> | null } => ({
    to: 0,
    calls: null,
  }))
  return round.once(name, async () => {
    if (kept.to === to && kept.calls) return kept.calls
    const calls = await recentCalls(round.db, to - minutes * MINUTE_MS, to)
    Object.assign(kept, { to, calls: Promise.resolve(calls) })
    return calls
  })
}

export function serviceSeries(round: BaseRound, { serviceId, service }: RecentCalls): Series {
  return round.series("service", String(serviceId), () => ({ labels: { service } }))
}

/** One number of every service that was called often enough; an example of it goes with the alert. */
export async function ofServices(
  round: BaseRound,
  value: (service: RecentCalls) => number | null,
): Promise<Reading[]> {
  const services = await readWindow(round, LAST_MINUTES)
  return services.map((service) => ({
    series: serviceSeries(round, service),
    value: service.calls < ENOUGH_CALLS ? null : value(service),
    facts: { trace: (service.slowestError ?? service.slowest)?.traceId ?? "" },
  }))
}
