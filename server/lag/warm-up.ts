import type { GroupStatus } from "#server/group-status.ts"
import type { Store } from "#server/store/index.ts"
import { Evaluator } from "./evaluate.ts"
import type { Observation } from "./evaluation.ts"
import type { Retention } from "./model.ts"
import { storedRetention } from "./stored-retention.ts"
import { WINDOW_MS } from "./window.ts"

interface Row {
  at: string
  id: number
  other: number | null
  starts: (string | null)[] | null
  values: (string | null)[]
}

/**
 * An evaluator that knows what an earlier collector saw: the window of samples from the store, and the verdicts with
 * their "since". A take-over then neither forgets since when a group has been stopped nor needs minutes to judge again.
 */
export async function warmEvaluator(store: Store, clusterId: number, now: number): Promise<Evaluator> {
  const evaluator = new Evaluator()
  const [sweeps, logs, commits, verdicts, names] = await Promise.all([
    readSweeps(store, clusterId, now),
    readRows(store, {
      table: "log_offsets",
      columns: "destination_id as id, null::int as other, starts, ends as values",
      clusterId,
      now,
    }),
    readRows(store, {
      table: "committed_offsets",
      columns: "group_id as id, destination_id as other, null::bigint[] as starts, offsets as values",
      clusterId,
      now,
    }),
    readVerdicts(store, clusterId),
    readNames(store, clusterId),
  ])
  for (const { groupId, ...verdict } of verdicts) evaluator.remember(groupId, verdict)
  for (const at of sweeps) evaluator.observe(replay({ at, logs, commits, names }))
  for (const { groupId, ...verdict } of verdicts) evaluator.remember(groupId, verdict)
  return evaluator
}

interface Names {
  destinations: Map<number, { name: string; retention: Retention }>
  groups: Map<number, { name: string; members: number | null }>
}

/** The samples as they stood at one moment: each series' last row at or before it. */
function replay(from: { at: number; logs: Row[]; commits: Row[]; names: Names }): Observation {
  const logs = latest(from.logs, from.at)
  const commits = Map.groupBy(latest(from.commits, from.at).values(), (row) => row.id)
  return {
    at: from.at,
    destinations: [...logs.values()].flatMap((row) => {
      const known = from.names.destinations.get(row.id)
      return known
        ? [{ id: row.id, ...known, starts: numbers(row.starts ?? []), ends: numbers(row.values) }]
        : []
    }),
    groups: [...from.names.groups].map(([id, group]) => ({
      id,
      ...group,
      known: true,
      commits: (commits.get(id) ?? []).map((row) => ({
        destinationId: row.other ?? 0,
        offsets: numbers(row.values),
      })),
    })),
  }
}

function latest(rows: Row[], at: number): Map<string, Row> {
  const found = new Map<string, Row>()
  for (const row of rows) {
    if (Number(row.at) > at) break
    found.set(`${row.id}/${row.other}`, row)
  }
  return found
}

function numbers(values: (string | null)[]): (number | null)[] {
  return values.map((value) => (value === null ? null : Number(value)))
}

async function readSweeps(store: Store, clusterId: number, now: number): Promise<number[]> {
  const { rows } = await store.pool.query<{ at: string }>(
    "select (extract(epoch from at) * 1000)::bigint as at from series.sweep where cluster_id = $1 and at >= $2 order by at",
    [clusterId, new Date(now - WINDOW_MS).toISOString()],
  )
  return rows.map((row) => Number(row.at))
}

interface RowQuery {
  table: string
  columns: string
  clusterId: number
  now: number
}

async function readRows(store: Store, query: RowQuery): Promise<Row[]> {
  const from = new Date(query.now - 2 * WINDOW_MS - 60_000).toISOString()
  const { rows } = await store.pool.query<Row>(
    `select (extract(epoch from at) * 1000)::bigint as at, ${query.columns} from series.${query.table}
     where cluster_id = $1 and at >= $2 order by at`,
    [query.clusterId, from],
  )
  return rows
}

async function readVerdicts(store: Store, clusterId: number) {
  const rows = await store.prisma.groupState.findMany({
    where: { group: { clusterId, deletedAt: null } },
    select: { groupId: true, status: true, rule: true, since: true, sentence: true },
  })
  return rows.map((row) => ({ ...row, status: row.status as GroupStatus, since: row.since.getTime() }))
}

async function readNames(store: Store, clusterId: number): Promise<Names> {
  const where = { clusterId, deletedAt: null }
  const [destinations, groups] = await Promise.all([
    store.prisma.destination.findMany({
      where,
      select: { id: true, name: true, retentionMs: true, retentionBytes: true, cleanupPolicy: true },
    }),
    store.prisma.consumerGroup.findMany({ where, select: { id: true, name: true, members: true } }),
  ])
  return {
    destinations: new Map(
      destinations.map((one) => [one.id, { name: one.name, retention: storedRetention(one) }]),
    ),
    groups: new Map(groups.map((one) => [one.id, { name: one.name, members: one.members }])),
  }
}
