import type { Resets, Store } from "#server/store/index.ts"
import type { OwnWrite } from "./evaluation.ts"
import { WINDOW_MS } from "./window.ts"

interface Row {
  cluster_id: number
  group: string
  at: Date
  destination_id: number
  partition: number
  from: string | null
  to: string | null
}

export interface PlanWrite extends OwnWrite {
  clusterId: number
  group: string
  /** Where the group stood before; null: it had no commit. */
  from: number | null
}

/** Writing and reading back ends within this time; a sweep shows it at the latest then. */
const SEEN_WITHIN_MS = 60_000

/** What offset plans that Signalbox applied, or is applying, wrote as positions of groups over a span. */
export async function readPlanWrites(
  store: Store,
  of: { clusterIds: readonly number[]; from: number; to: number; group?: string | undefined },
): Promise<PlanWrite[]> {
  const { rows } = await store.pool.query<Row>(
    `select p.cluster_id, p."group", p.applied_at as at, d.id as destination_id, x.partition, x."from", x."to"
     from offset_plan p cross join lateral jsonb_to_recordset(p.lines) as x(destination text, partition int,
       "from" numeric, "to" numeric, trouble text)
     join destination d on d.cluster_id = p.cluster_id and d.name = x.destination and d.deleted_at is null
     where p.cluster_id = any($1) and p.applied_at >= $2 and p.applied_at <= $3 and ($4::text is null or p."group" = $4)
       and p.state in ('applying', 'applied', 'partly') and x.trouble is null order by p.applied_at`,
    [of.clusterIds, new Date(of.from - SEEN_WITHIN_MS), new Date(of.to), of.group ?? null],
  )
  return rows.map((row) => ({
    clusterId: row.cluster_id,
    group: row.group,
    destinationId: row.destination_id,
    partition: row.partition,
    from: row.from === null ? null : Number(row.from),
    offset: row.to === null ? null : Number(row.to),
    at: row.at.getTime(),
  }))
}

/** As `readPlanWrites`, within the evaluator's window and by group: to it these are neither progress nor rewinds. */
export async function readOwnWrites(
  store: Store,
  of: { clusterId: number; now: number; group?: string },
): Promise<Map<string, OwnWrite[]>> {
  const span = { from: of.now - 2 * WINDOW_MS, to: of.now + WINDOW_MS }
  const writes = await readPlanWrites(store, { clusterIds: [of.clusterId], ...span, group: of.group })
  return Map.groupBy(writes, (one) => one.group)
}

/**
 * Where Signalbox itself set the positions of one destination, between two rows of a series: what lies before it was
 * skipped or is read again, and was not consumed. A sweep stands for a moment up to one interval before it looked. Each
 * write counts once.
 */
export function resetsOf(writes: readonly OwnWrite[], destinationId: number, intervalMs: number): Resets {
  const open = Map.groupBy(
    writes.filter((one) => one.destinationId === destinationId),
    (one) => one.partition,
  )
  return (partition, { after, until }) => {
    const mine = open.get(partition) ?? []
    const seen = mine.filter((one) => one.at - intervalMs <= until && one.at + SEEN_WITHIN_MS > after)
    if (seen.length > 0)
      open.set(
        partition,
        mine.filter((one) => !seen.includes(one)),
      )
    return seen.at(-1)?.offset ?? null
  }
}
