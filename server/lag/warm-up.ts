import type { GroupStatus } from "#server/group-status.ts"
import {
  type CommitSeries,
  indexAt,
  type LogSeries,
  NO_COMMIT,
  readCommits,
  readLogs,
  readSweeps,
  type Span,
  type Store,
} from "#server/store/index.ts"
import { type EmptyChanges, membersAt } from "./emptiness.ts"
import { Evaluator } from "./evaluate.ts"
import type { Observation, ObservedLog, OwnWrite } from "./evaluation.ts"
import type { Judged } from "./model.ts"
import { readOwnWrites } from "./own-writes.ts"
import { readEmpty, storedHeld } from "./stored-empty.ts"
import { storedRetention } from "./stored-retention.ts"
import { WINDOW_MS } from "./window.ts"

/**
 * An evaluator that knows what an earlier collector saw: the window of samples from the store, and the verdicts with
 * their "since". A take-over then neither forgets since when a group has been stopped nor needs minutes to judge again.
 */
export async function warmEvaluator(store: Store, clusterId: number, now: number): Promise<Evaluator> {
  const evaluator = new Evaluator()
  const span: Span = { clusterId, from: now - WINDOW_MS, to: now, stepMs: 1000, level: "raw" }
  const [sweeps, logs, commits, verdicts, names, writes] = await Promise.all([
    readSweeps(store, span),
    readLogs(store, span),
    readCommits(store, span),
    readVerdicts(store, clusterId),
    readNames(store, clusterId),
    readOwnWrites(store, { clusterId, now }),
  ])
  const remember = () => {
    for (const { groupId, verdict, judged } of verdicts) evaluator.remember(groupId, verdict, judged)
  }
  remember()
  for (const at of sweeps.filter((one) => one >= span.from))
    evaluator.observe(replay({ at, logs, commits, names, writes }))
  remember()
  return evaluator
}

interface Names {
  destinations: Map<number, Omit<ObservedLog, "id" | "starts" | "ends">>
  groups: Map<number, { name: string; members: number | null; emptyChanges: EmptyChanges }>
}

interface Stored {
  at: number
  logs: LogSeries[]
  commits: CommitSeries[]
  names: Names
  writes: ReadonlyMap<string, OwnWrite[]>
}

/** The samples as they stood at one moment: each series' last row at or before it. */
function replay(from: Stored): Observation {
  const commits = Map.groupBy(from.commits, (one) => one.groupId)
  return {
    at: from.at,
    destinations: from.logs.flatMap((log) => {
      const known = from.names.destinations.get(log.destinationId)
      const row = indexAt(log.at, from.at)
      const [starts, ends] = [log.starts[row], log.ends[row]]
      return known && starts && ends ? [{ id: log.destinationId, ...known, starts, ends }] : []
    }),
    groups: [...from.names.groups].map(([id, group]) => ({
      id,
      name: group.name,
      members: membersAt(group, from.at),
      known: true,
      writes: from.writes.get(group.name) ?? [],
      commits: (commits.get(id) ?? []).flatMap((one) => {
        const offsets = one.offsets[indexAt(one.at, from.at)]
        const isOver = offsets?.every((offset) => offset === NO_COMMIT) ?? true
        return offsets && !isOver ? [{ destinationId: one.destinationId, offsets }] : []
      }),
    })),
  }
}

async function readVerdicts(store: Store, clusterId: number) {
  const rows = await store.prisma.groupState.findMany({
    where: { group: { clusterId, deletedAt: null } },
    select: { groupId: true, status: true, since: true, judgedStatus: true, judgedSince: true },
  })
  return rows.map(({ groupId, status, since, judgedStatus, judgedSince }) => ({
    groupId,
    verdict: toJudged(status, since),
    judged: judgedStatus === null || judgedSince === null ? null : toJudged(judgedStatus, judgedSince),
  }))
}

function toJudged(status: string, since: Date): Judged {
  return { status: status as GroupStatus, since: since.getTime() }
}

async function readNames(store: Store, clusterId: number): Promise<Names> {
  const where = { clusterId, deletedAt: null }
  const [destinations, groups] = await Promise.all([
    store.prisma.destination.findMany({
      where,
      select: {
        id: true,
        name: true,
        retentionMs: true,
        retentionBytes: true,
        cleanupPolicy: true,
        held: true,
      },
    }),
    store.prisma.consumerGroup.findMany({
      where,
      select: { id: true, name: true, members: true, status: { select: { emptyChanges: true } } },
    }),
  ])
  const empty = await readEmpty(
    store,
    destinations.map((one) => one.id),
  )
  return {
    destinations: new Map(
      destinations.map((one) => [
        one.id,
        {
          name: one.name,
          retention: storedRetention(one),
          stable: storedHeld(one.held),
          empty: empty.get(one.id) ?? [],
        },
      ]),
    ),
    groups: new Map(
      groups.map(({ id, name, members, status }) => [
        id,
        { name, members, emptyChanges: (status?.emptyChanges ?? []).map((one) => one.getTime()) },
      ]),
    ),
  }
}
