import type { Store } from "../store.ts"
import { NO_COMMIT } from "./encoding.ts"
import { REACH_MS } from "./read.ts"
import { LEVELS, type Level, tableName } from "./tables.ts"

/** Where the log of a destination began and ended when it was sampled last. Indexed by partition; null: unknown. */
export interface LastLog {
  destinationId: number
  starts: (bigint | null)[]
  ends: (bigint | null)[]
}

/** The last stored sample of these destinations; one that no sweep has stored lately is missing. */
export async function lastLogs(
  store: Store,
  of: { clusterId: number; destinationIds: readonly number[]; now: number },
): Promise<LastLog[]> {
  const { rows } = await store.pool.query<Row>(
    `select d.id, l.starts::text[] as starts, l.ends::text[] as ends from unnest($2::int[]) as d(id) cross join lateral (
       select starts, ends from series.log_offsets
       where cluster_id = $1 and destination_id = d.id and at >= $3 order by at desc limit 1) l`,
    [of.clusterId, of.destinationIds, new Date(of.now - REACH_MS.raw).toISOString()],
  )
  return rows.map((row) => ({
    destinationId: row.id,
    starts: row.starts.map(toOffset),
    ends: row.ends.map(toOffset),
  }))
}

/** The first stored sweep of a cluster at or after a moment, ms; null: there is none, as is usual of the present. */
export async function nextSweep(
  store: Store,
  of: { clusterId: number; from: number },
): Promise<number | null> {
  const { rows } = await store.pool.query<{ at: Date | null }>(
    "select min(at) as at from series.sweep where cluster_id = $1 and at >= $2",
    [of.clusterId, new Date(of.from).toISOString()],
  )
  return rows[0]?.at?.getTime() ?? null
}

/** What a group had committed on a destination when that was sampled last, at whatever resolution it is still kept. */
export interface LastCommit {
  group: string
  destination: string
  /** Indexed by partition. null: no commit, or unknown. */
  offsets: (bigint | null)[]
  /** Partitions of which it was unknown. */
  unknown: number[]
}

/** What each group of a cluster stood on as of a moment, however long before it was sampled. */
export async function lastCommits(
  store: Store,
  of: { clusterId: number; until: number },
): Promise<LastCommit[]> {
  const { rows } = await store.pool.query<{
    group: string
    destination: string
    offsets: (string | null)[]
  }>(LAST_COMMITS, [of.clusterId, new Date(of.until).toISOString()])
  return rows.map(({ group, destination, offsets }) => ({
    group,
    destination,
    offsets: offsets.map((one) => (one === String(NO_COMMIT) ? null : toOffset(one))),
    unknown: offsets.flatMap((one, partition) => (one === null ? [partition] : [])),
  }))
}

const LAST_COMMITS = `select g.name as "group", d.name as destination, c.offsets::text[] as offsets
  from consumer_group g join group_destination gd on gd.group_id = g.id join destination d on d.id = gd.destination_id
  cross join lateral (select coalesce(${LEVELS.map(lastAt).join(", ")}) as offsets) c
  where g.cluster_id = $1 and g.deleted_at is null and c.offsets is not null order by d.id`

function lastAt(level: Level): string {
  return `(select offsets from ${tableName("committed_offsets", level)} where cluster_id = $1 and group_id = g.id
    and destination_id = gd.destination_id and at <= $2 order by at desc limit 1)`
}

interface Row {
  id: number
  starts: (string | null)[]
  ends: (string | null)[]
}

function toOffset(value: string | null): bigint | null {
  return value === null ? null : BigInt(value)
}
