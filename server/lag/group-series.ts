import {
  type CommitSeries,
  type Grid,
  Holder,
  type LogSeries,
  openGrid,
  readCommits,
  readLogs,
  type Store,
} from "#server/store/index.ts"
import type { EmptyRange } from "./evaluation.ts"
import type { Retention } from "./model.ts"
import { readEmpty } from "./stored-empty.ts"
import { storedRetention } from "./stored-retention.ts"

/** One destination that a group committed on within a range, with its series. */
export interface Pair {
  destinationId: number
  name: string
  /** Tells one life of a name from the next. */
  uid: string
  retention: Retention
  /** When the destination was deleted, ms: nothing holds after that. */
  deletedAt: number
  log: LogSeries | undefined
  commits: CommitSeries
  starts: Holder
  ends: Holder
  committed: Holder
  partitions: number
  /** Offsets that hold no message, such as markers of transactions. */
  empty: readonly EmptyRange[]
}

export interface GroupSeries {
  grid: Grid
  pairs: Pair[]
}

export interface GroupRange {
  clusterId: number
  intervalMs: number
  groupId: number
  /** Only this destination; by default all. */
  destination?: string | undefined
  from: number
  to: number
  points: number
}

/** The series of one group over a range: of every destination it committed on then, also of those that are deleted now. */
export async function readGroupSeries(store: Store, range: GroupRange): Promise<GroupSeries> {
  const grid = await openGrid(store, range)
  const commits = await readCommits(store, { ...grid.span, groupId: range.groupId })
  const destinations = await store.prisma.destination.findMany({
    where: {
      id: { in: commits.map((one) => one.destinationId) },
      ...(range.destination === undefined ? {} : { name: range.destination }),
    },
    select: {
      id: true,
      name: true,
      uid: true,
      deletedAt: true,
      retentionMs: true,
      retentionBytes: true,
      cleanupPolicy: true,
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  })
  const destinationIds = destinations.map((one) => one.id)
  const [logs, empty] = await Promise.all([
    readLogs(store, { ...grid.span, destinationIds }),
    readEmpty(store, destinationIds),
  ])
  const pairs = destinations.flatMap((one): Pair[] => {
    const mine = commits.find((row) => row.destinationId === one.id)
    const log = logs.find((row) => row.destinationId === one.id)
    if (!mine) return []
    const starts = new Holder({ at: log?.at ?? [], rows: log?.starts ?? [] }, grid)
    const ends = new Holder({ at: log?.at ?? [], rows: log?.ends ?? [] }, grid)
    const committed = new Holder({ at: mine.at, rows: mine.offsets, lowest: mine.lowest }, grid)
    return [
      {
        destinationId: one.id,
        name: one.name,
        uid: one.uid,
        retention: storedRetention(one),
        deletedAt: one.deletedAt?.getTime() ?? Number.POSITIVE_INFINITY,
        log,
        commits: mine,
        starts,
        ends,
        committed,
        partitions: committed.partitions,
        empty: empty.get(one.id) ?? [],
      },
    ]
  })
  return { grid, pairs }
}

/** One partition as it stood at a sweep. */
export interface Standing {
  committed: number
  /** Offset of the oldest unread message that still exists. */
  firstUnread: number
  lag: number
}

/**
 * null: unknown at that moment, also where the committed offset lies beyond the end, as in lists; undefined: the group had
 * no commit there.
 */
export function standingAt(pair: Pair, partition: number, moment: number): Standing | null | undefined {
  if (moment >= pair.deletedAt) return undefined
  const committed = pair.committed.valueAt(pair.committed.indexAt(moment), partition)
  if (committed === undefined) return undefined
  const row = pair.ends.indexAt(moment)
  const start = pair.starts.valueAt(row, partition)
  const end = pair.ends.valueAt(row, partition)
  if (committed === null || typeof start !== "number" || typeof end !== "number") return null
  if (committed > end) return null
  const after = pair.empty.find((range) => range.partition === partition && range.from === committed)
  const firstUnread = Math.min(end, Math.max(after?.to ?? committed, start))
  return { committed, firstUnread, lag: end - firstUnread }
}
