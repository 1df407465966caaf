import type { Store } from "#server/store/index.ts"
import { nanoseconds } from "../times.ts"
import type { Minutes } from "./range.ts"
import type { CallsRow } from "./red.ts"

export interface OperationRow {
  id: number
  service: string
  kind: number
  name: string
  system: string
}

export interface StoredCalls extends CallsRow {
  /** ns. */
  at: string
  operation: OperationRow
  peer_id: number
}

/** The operations of one service, or of all; by id. */
export async function readOperations(
  store: Pick<Store, "pool">,
  service?: string,
): Promise<Map<number, OperationRow>> {
  const { rows } = await store.pool.query<OperationRow>(
    `select o.id, s.name as service, o.kind, o.name, o.system
     from traces.operation o join traces.service s on s.id = o.service_id where $1::text is null or s.name = $1`,
    [service ?? null],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** What was called in a range: of one service, or of all. */
export async function readCalls(
  store: Pick<Store, "pool">,
  { from, to }: Pick<Minutes, "from" | "to">,
  service?: string,
): Promise<StoredCalls[]> {
  const operations = await readOperations(store, service)
  const { rows } = await store.pool.query<CallsRow & { at: string; operation_id: number; peer_id: number }>(
    `select at, operation_id, peer_id, status, sketch, slowest_ns, slowest_trace from traces.calls
     where at >= $1 and at < $2 and ($3::int[] is null or operation_id = any($3))`,
    [nanoseconds(from), nanoseconds(to), service === undefined ? null : [...operations.keys()]],
  )
  return rows.flatMap((row) => {
    const operation = operations.get(row.operation_id)
    return operation ? [{ ...row, operation }] : []
  })
}
