import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { isIncoming } from "../kinds.ts"
import { msOfNs } from "../times.ts"
import { type Burn, burnOf, type Objective, readObjectives } from "./objectives.ts"
import { type Minutes, minutesOf, pointOf, points, type rangeInput } from "./range.ts"
import { readCalls, type StoredCalls } from "./read-calls.ts"
import { type Red, RedSum } from "./red.ts"

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
  /** The worst first: the largest share of errors, then the most calls. */
  services: ServiceRow[]
}

/** Every service that sent spans in a range. */
export async function listServices(
  { store }: Pick<Context, "store">,
  input: z.output<typeof rangeInput>,
): Promise<ServiceList> {
  const range = minutesOf(input)
  const [rows, objectives] = await Promise.all([readCalls(store, range), readObjectives(store.pool)])
  const services = [...Map.groupBy(rows, (row) => row.operation.service)].map(([service, calls]) =>
    serviceRow({ service, calls, objective: objectives.get(service) ?? null }, range),
  )
  const worst = (a: ServiceRow, b: ServiceRow) =>
    (b.errorRate ?? 0) - (a.errorRate ?? 0) || b.calls - a.calls || (a.service < b.service ? -1 : 1)
  return { from: range.from, to: range.to, services: services.sort(worst) }
}

interface ServiceCalls {
  service: string
  calls: readonly StoredCalls[]
  objective: Objective | null
}

export function serviceRow({ service, calls: all, objective }: ServiceCalls, range: Minutes): ServiceRow {
  const { counted, rows } = countedOf(all)
  const sum = new RedSum()
  for (const row of rows) sum.add(row)
  const red = sum.toRed()
  const seconds = (range.to - range.from) / 1000
  return {
    service,
    ...red,
    callsPerSecond: red.calls / seconds,
    errorRate: red.calls === 0 ? null : red.errors / red.calls,
    counted,
    systems: bySystem(rows),
    trend: trendOf(rows, range),
    objective: objective && { ...objective, ...burnOf(objective, sum) },
  }
}

/** The calls that a service is judged by: those that come in, or all where none does. */
export function countedOf<Row extends Pick<StoredCalls, "operation">>(
  all: readonly Row[],
): { counted: ServiceRow["counted"]; rows: readonly Row[] } {
  const incoming = all.filter((row) => isIncoming(row.operation))
  return incoming.length > 0 ? { counted: "incoming", rows: incoming } : { counted: "all", rows: all }
}

function bySystem(rows: readonly StoredCalls[]): ServiceRow["systems"] {
  return [...Map.groupBy(rows, (row) => row.operation.system)]
    .map(([system, own]) => {
      const { calls, errors } = sumOf(own)
      return { system, calls, errors }
    })
    .sort((a, b) => b.calls - a.calls)
}

function trendOf(rows: readonly StoredCalls[], range: Minutes): TrendPoint[] {
  const byPoint = Map.groupBy(rows, (row) => pointOf(msOfNs(row.at), range))
  return points(range).map((at) => {
    const { calls, errors, p95Ms } = sumOf(byPoint.get(at) ?? [])
    return { at, calls, errors, p95Ms }
  })
}

export function sumOf(rows: readonly StoredCalls[]): Red {
  const sum = new RedSum()
  for (const row of rows) sum.add(row)
  return sum.toRed()
}
