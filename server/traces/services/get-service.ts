import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { msOfNs } from "../times.ts"
import { type Deploy, readDeploys } from "./deploys.ts"
import { countedOf, type ServiceRow, serviceRow, sumOf } from "./list-services.ts"
import { readObjectives } from "./objectives.ts"
import { minutesOf, pointOf, points, type serviceInput } from "./range.ts"
import { readCalls, type StoredCalls } from "./read-calls.ts"
import type { Red } from "./red.ts"

export interface ServicePoint extends Red {
  at: number
}

export interface ServiceOperation extends Red {
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  system: string
  callsPerSecond: number
  errorRate: number
}

export interface ServiceView {
  from: number
  to: number
  /** ms that one point of the series stands for. */
  step: number
  summary: ServiceRow
  /** Of what the summary counts, each point with its slowest trace. */
  series: ServicePoint[]
  /** The most calls first. */
  operations: ServiceOperation[]
  deploys: Deploy[]
}

const MAX_OPERATIONS = 500

/** One service in a range: rate, errors, durations, operations, and when its version changed. */
export async function getService(
  { store }: Pick<Context, "store">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<ServiceView> {
  const range = minutesOf(input)
  const [calls, objectives, deploys] = await Promise.all([
    readCalls(store, range, service),
    readObjectives(store.pool),
    readDeploys(store, service, range),
  ])
  if (calls.length === 0) await refuseUnknown(store, service)
  const byPoint = Map.groupBy(countedOf(calls).rows, (row) => pointOf(msOfNs(row.at), range))
  const seconds = (range.to - range.from) / 1000
  return {
    ...range,
    summary: serviceRow({ service, calls, objective: objectives.get(service) ?? null }, range),
    series: points(range).map((at) => ({ at, ...sumOf(byPoint.get(at) ?? []) })),
    operations: operationsOf(calls, seconds),
    deploys,
  }
}

function operationsOf(calls: readonly StoredCalls[], seconds: number): ServiceOperation[] {
  return [...Map.groupBy(calls, (row) => row.operation)]
    .map(([{ name, kind, system }, rows]) => {
      const red = sumOf(rows)
      const rates = { callsPerSecond: red.calls / seconds, errorRate: red.errors / Math.max(1, red.calls) }
      return { name, kind, system, ...red, ...rates }
    })
    .sort((a, b) => b.calls - a.calls)
    .slice(0, MAX_OPERATIONS)
}

/** Throws a DomainError for a service that has never sent a span. */
async function refuseUnknown(store: Context["store"], service: string): Promise<void> {
  const { rows } = await store.pool.query("select 1 from traces.service where name = $1", [service])
  if (rows.length === 0)
    throw new DomainError("not_found", `No service named "${service}" has sent spans to this Signalbox.`)
}
