import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { type Deploy, readDeploys } from "./deploys.ts"
import { type ServiceRow, serviceRow } from "./list-services.ts"
import { readObjectives } from "./objectives.ts"
import { minutesOf, type serviceInput } from "./range.ts"
import { type OperationRow, readCalls, type StoredCalls } from "./read-calls.ts"
import { type Red, RedSum } from "./red.ts"
import { ServiceSum } from "./service-sum.ts"

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
  /** When this was read, ms: the point that it lies in is not over. */
  now: number
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
  { store, now }: Pick<Context, "store" | "now">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<ServiceView> {
  const at = now()
  const range = minutesOf(input, at)
  const [objectives, deploys] = await Promise.all([
    readObjectives(store.pool),
    readDeploys(store, service, range),
  ])
  const sum = new ServiceSum(range)
  const operations = new Map<number, SummedOperation>()
  for await (const row of readCalls(store, range, service)) {
    sum.add(row)
    addTo(operations, row)
  }
  if (operations.size === 0) await refuseUnknown(store, service)
  const objective = objectives.get(service) ?? null
  return {
    ...{ from: range.from, to: range.to, step: range.step },
    now: at,
    summary: serviceRow({ service, sum, objective }, range),
    series: sum.series(),
    operations: operationsOf(operations.values(), range.seconds),
    deploys,
  }
}

interface SummedOperation {
  operation: OperationRow
  red: RedSum
}

function addTo(operations: Map<number, SummedOperation>, row: StoredCalls): void {
  const known = operations.get(row.operation.id) ?? { operation: row.operation, red: new RedSum() }
  operations.set(row.operation.id, known)
  known.red.add(row)
}

function operationsOf(operations: Iterable<SummedOperation>, seconds: number): ServiceOperation[] {
  return [...operations]
    .map(({ operation: { name, kind, system }, red: sum }) => {
      const red = sum.toRed()
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
