import type { Store } from "#server/store/index.ts"
import type { OwnWrite } from "./evaluation.ts"
import { WINDOW_MS } from "./window.ts"

interface Row {
  group: string
  at: Date
  destination_id: number
  partition: number
  to: string | null
}

/**
 * What Signalbox itself wrote as positions of groups within the window, from the offset plans it applied or is applying,
 * by group. To the evaluator these are neither progress nor rewinds.
 */
export async function readOwnWrites(
  store: Store,
  of: { clusterId: number; now: number; group?: string },
): Promise<Map<string, OwnWrite[]>> {
  const { rows } = await store.pool.query<Row>(
    `select p."group", p.applied_at as at, d.id as destination_id, x.partition, x."to"
     from offset_plan p cross join lateral jsonb_to_recordset(p.lines) as x(destination text, partition int, "to" numeric,
       trouble text)
     join destination d on d.cluster_id = p.cluster_id and d.name = x.destination and d.deleted_at is null
     where p.cluster_id = $1 and p.applied_at >= $2 and p.state in ('applying', 'applied', 'partly')
       and x.trouble is null and ($3::text is null or p."group" = $3)`,
    [of.clusterId, new Date(of.now - 2 * WINDOW_MS), of.group ?? null],
  )
  const writes = Map.groupBy(rows, (row) => row.group)
  return new Map([...writes].map(([group, list]) => [group, list.map(toWrite)]))
}

function toWrite(row: Row): OwnWrite {
  const offset = row.to === null ? null : Number(row.to)
  return { destinationId: row.destination_id, partition: row.partition, offset, at: row.at.getTime() }
}
