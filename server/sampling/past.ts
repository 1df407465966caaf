import type { GroupCommits } from "#server/brokers/broker.ts"
import { type Evaluator, warmEvaluator } from "#server/lag/index.ts"
import {
  HEARTBEAT_MS,
  type LastCommit,
  lastCommits,
  loadSweepMemory,
  nextSweep,
  type Store,
  type SweepMemory,
} from "#server/store/index.ts"

/** What a sweep is compared with. The store can tell all of it, so that it does not matter who made the sweeps before. */
export interface Past {
  /** Moment of the last sweep that it knows, or may know, ms. */
  until: number
  /** The first stored sweep after that; null: none, unless the clock was set back. */
  next: number | null
  evaluator: Evaluator
  memory: SweepMemory
  /** By group: what it had committed on, for when it cannot be read. */
  commits: ReadonlyMap<string, GroupCommits[]>
}

/**
 * The past of a sweep that stands for a moment: what is stored of the moments before it. null: the moment is over. It is
 * stored already, or so soon before a stored one that what this sweep finds would seem to hold there too, as what does not
 * change is not written: another collector made that sweep, or the clock was set back, and is to come up to it again.
 */
export async function recallPast(store: Store, clusterId: number, at: number): Promise<Past | null> {
  const next = await nextSweep(store, { clusterId, from: at })
  if (isOver(at, next)) return null
  const until = at - 1
  const [evaluator, memory, commits] = await Promise.all([
    warmEvaluator(store, clusterId, until),
    loadSweepMemory(store, clusterId, until),
    lastCommits(store, { clusterId, until }),
  ])
  return { until, next, evaluator, memory, commits: byGroup(commits) }
}

/** Whether it is the past of a sweep that stands for a moment. */
export function isPastOf(past: Past, at: number): boolean {
  return past.until < at && !isOver(at, past.next)
}

function isOver(at: number, next: number | null): boolean {
  return next !== null && next - at <= HEARTBEAT_MS
}

/** Of a topic that was created again, its last life counts. */
function byGroup(commits: readonly LastCommit[]): Map<string, GroupCommits[]> {
  const groups = Map.groupBy(commits, (one) => one.group)
  return new Map(
    [...groups].map(([group, list]) => [
      group,
      [...new Map(list.map(({ group: _, ...commit }) => [commit.destination, commit])).values()],
    ]),
  )
}
