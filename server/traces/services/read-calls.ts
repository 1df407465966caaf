import type { Store } from "#server/store/index.ts"
import { nanoseconds } from "../times.ts"
import { MINUTE_MS } from "./range.ts"
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

/** What is read at once: an operation has a row of each minute, peer and status, each with a sketch. */
const AT_ONCE_MS = 10 * MINUTE_MS

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

/** What was called in whole minutes of a range, ten of them at a time: of one service, or of all. */
export async function* readCalls(
  store: Pick<Store, "pool">,
  { from, to }: { from: number; to: number },
  service?: string,
): AsyncGenerator<StoredCalls> {
  const operations = await readOperations(store, service)
  const ids = service === undefined ? null : [...operations.keys()]
  if (operations.size === 0) return
  for (let at = from; at < to; at += AT_ONCE_MS) {
    const { rows } = await store.pool.query<CallsRow & { at: string; operation_id: number; peer_id: number }>(
      `select at, operation_id, peer_id, status, sketch, slowest_ns, slowest_trace from traces.calls
       where at >= $1 and at < $2 and ($3::int[] is null or operation_id = any($3))`,
      [nanoseconds(at), nanoseconds(Math.min(at + AT_ONCE_MS, to)), ids],
    )
    for (const row of rows) {
      const operation = operations.get(row.operation_id)
      if (operation) yield { ...row, operation }
    }
  }
}
