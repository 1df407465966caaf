import type { GroupStatus } from "#server/group-status.ts"
import { readCommits, readLogs, readSweeps, type Span, type Store } from "#server/store/index.ts"
import { Evaluator } from "./evaluate.ts"
import type { Judged } from "./model.ts"
import { readOwnWrites } from "./own-writes.ts"
import { readEmpty } from "./stored-empty.ts"
import {
  type StoredSamples,
  storedDestinations,
  storedEmptyChanges,
  storedObservations,
} from "./stored-observation.ts"
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
  const observationAt = storedObservations({ logs, commits, ...names, writes })
  for (const at of sweeps.filter((one) => one >= span.from)) evaluator.observe(observationAt(at))
  remember()
  return evaluator
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

async function readNames(
  store: Store,
  clusterId: number,
): Promise<Pick<StoredSamples, "destinations" | "groups">> {
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
    destinations: storedDestinations(destinations, empty),
    groups: new Map(
      groups.map(({ id, name, members, status }) => [
        id,
        { name, members, emptyChanges: storedEmptyChanges(status) },
      ]),
    ),
  }
}
