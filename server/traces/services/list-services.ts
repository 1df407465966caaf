import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { type Burn, burnOf, type Objective, readObjectives } from "./objectives.ts"
import { type Minutes, minutesOf, type rangeInput } from "./range.ts"
import { readCalls } from "./read-calls.ts"
import type { Red } from "./red.ts"
import { ServiceSum } from "./service-sum.ts"

/** One point of a trend. */
export interface TrendPoint {
  at: number
  calls: number
  errors: number
  p95Ms: number | null
}

export interface ServiceRow extends Red {
  service: string
  callsPerSecond: number
  /** 0 to 1; null without calls. */
  errorRate: number | null
  /** `incoming`: of requests served and messages processed; `all`: the service has none of these, so of all its spans. */
  counted: "incoming" | "all"
  /** By system, the most calls first; "" for spans within the service. */
  systems: { system: string; calls: number; errors: number }[]
  trend: TrendPoint[]
  objective: (Objective & Burn) | null
}

export interface ServiceList {
  /** The range that was looked at: whole minutes, a day at most. */
  from: number
  to: number
  /** Minutes of one point of the trends, in ms. */
  step: number
  /** When this was read, ms: the point that it lies in is not over. */
  now: number
  /** The worst first: the largest share of errors, then the most calls. */
  services: ServiceRow[]
}

/** Every service that sent spans in a range. */
export async function listServices(
  { store, now }: Pick<Context, "store" | "now">,
  input: z.output<typeof rangeInput>,
): Promise<ServiceList> {
  const at = now()
  const range = minutesOf(input, at)
  const [sums, objectives] = await Promise.all([sumsOf(store, range), readObjectives(store.pool)])
  const services = [...sums].map(([service, sum]) =>
    serviceRow({ service, sum, objective: objectives.get(service) ?? null }, range),
  )
  const worst = (a: ServiceRow, b: ServiceRow) =>
    (b.errorRate ?? 0) - (a.errorRate ?? 0) || b.calls - a.calls || (a.service < b.service ? -1 : 1)
  const { from, to, step } = range
  return { from, to, step, now: at, services: services.sort(worst) }
}

async function sumsOf(store: Context["store"], range: Minutes): Promise<Map<string, ServiceSum>> {
  const sums = new Map<string, ServiceSum>()
  for await (const row of readCalls(store, range)) {
    const { service } = row.operation
    const sum = sums.get(service) ?? new ServiceSum(range)
    sums.set(service, sum)
    sum.add(row)
  }
  return sums
}

interface SummedService {
  service: string
  sum: ServiceSum
  objective: Objective | null
}

export function serviceRow({ service, sum, objective }: SummedService, range: Minutes): ServiceRow {
  const total = sum.total()
  const red = total.toRed()
  return {
    service,
    ...red,
    callsPerSecond: red.calls / range.seconds,
    errorRate: red.calls === 0 ? null : red.errors / red.calls,
    counted: sum.counted,
    systems: sum.systems(),
    trend: sum.series().map(({ at, calls, errors, p95Ms }) => ({ at, calls, errors, p95Ms })),
    objective: objective && { ...objective, ...burnOf(objective, total) },
  }
}
