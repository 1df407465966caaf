import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import { minutesOf, type serviceInput } from "./range.ts"

/** Spans that failed alike: with one type and message, but for numbers, ids and quoted values. */
export interface ServiceError {
  type: string
  message: string
  spans: number
  /** The most frequent first. */
  operations: string[]
  firstMs: number
  lastMs: number
  traceId: string
}

const MAX_ERRORS = 200

interface Row {
  at: string
  error_id: number
  type: string
  message: string
  operation: string
  spans: number
  trace: Buffer
}

/** What failed in a service, the most frequent first. */
export async function listErrors(
  { store, now }: Pick<Context, "store" | "now">,
  { service, ...input }: z.output<typeof serviceInput>,
): Promise<ServiceError[]> {
  const range = minutesOf(input, now())
  const { rows } = await store.pool.query<Row>(
    `select c.at, c.error_id, e.type, e.message, o.name as operation, c.spans, c.trace
     from traces.error_calls c join traces.error e on e.id = c.error_id join traces.service s on s.id = e.service_id
     join traces.operation o on o.id = c.operation_id
     where s.name = $1 and c.at >= $2 and c.at < $3 order by c.at`,
    [service, nanoseconds(range.from), nanoseconds(range.to)],
  )
  return [...Map.groupBy(rows, (row) => row.error_id).values()]
    .map(errorOf)
    .sort((a, b) => b.spans - a.spans)
    .slice(0, MAX_ERRORS)
}

function errorOf(rows: readonly Row[]): ServiceError {
  const spans = (some: readonly Row[]) => some.reduce((sum, row) => sum + row.spans, 0)
  const [first, last] = [rows.at(0), rows.at(-1)]
  const operations = [...Map.groupBy(rows, (row) => row.operation)]
    .sort(([, a], [, b]) => spans(b) - spans(a))
    .map(([operation]) => operation)
  return {
    ...{ type: first?.type ?? "", message: first?.message ?? "", spans: spans(rows), operations },
    firstMs: msOfNs(first?.at ?? "0"),
    lastMs: msOfNs(last?.at ?? "0"),
    traceId: last?.trace.toString("hex") ?? "",
  }
}
