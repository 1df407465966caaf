import type { Store } from "#server/store/index.ts"
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

/** A change of a position from one sample to the next, and the moments of the two. */
export interface Move {
  before: number
  value: number
  after: number
  until: number
}

/**
 * What Signalbox itself wrote to the positions of one destination, matched with what samples show, each write once. A
 * sweep stands for a moment up to a minute before it looked, and a write takes its time, so that a write belongs to the
 * change that begins where it found the group or ends where it put it; only when no change does, moments decide. A write
 * that found the group where a change ended came after that, whatever its moment: the clock may have been set back.
 */
export class OwnMoves {
  readonly #open: Map<number, OwnWrite[]>

  constructor(writes: readonly OwnWrite[], destinationId: number) {
    this.#open = Map.groupBy(
      writes.filter((one) => one.destinationId === destinationId),
      (one) => one.partition,
    )
  }

  /** By how much a change of a partition is Signalbox's own: the rest was consumed. null: it wrote nothing there. */
  of(partition: number, move: Move): number | null {
    const open = this.#open.get(partition) ?? []
    const near = open.filter(
      (one) => one.at - SEEN_WITHIN_MS <= move.until && one.at + SEEN_WITHIN_MS > move.after,
    )
    const seen = seenIn(near, move)
    if (seen.length === 0) return null
    this.#open.set(
      partition,
      open.filter((one) => !seen.includes(one)),
    )
    return seen.reduce((sum, { from, offset }) => sum + (offset ?? 0) - (from ?? offset ?? 0), 0)
  }
}

/** Of writes near a change, in time order: from the first that began where it did to the last that ended where it did. */
function seenIn(near: readonly OwnWrite[], move: Move): readonly OwnWrite[] {
  const first = near.findIndex((one) => one.from === move.before)
  const last = near.findLastIndex((one) => one.offset === move.value)
  if (first >= 0 || last >= 0) return near.slice(first < 0 ? last : first, Math.max(first, last) + 1)
  return near.filter((one) => one.at > move.after && one.at <= move.until && one.from !== move.value)
}
