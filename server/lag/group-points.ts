import { indexAt } from "#server/store/index.ts"
import { type GroupSeries, type Pair, standingAt } from "./group-series.ts"
import { lossesOf } from "./losses.ts"

/** When the record at an offset was appended, as known at a moment (ms); null: unknown. */
export type PassedAt = (
  place: { destinationId: number; partition: number; offset: number },
  moment: number,
) => number | null

/** A group at one moment, over all its partitions. */
export interface GroupPoint {
  /** Partitions that are known; those without a commit are no part of it. */
  known: number
  /** Partitions with a commit of which the end, the start or the commit is unknown: the sums lack their part. */
  unknown: number
  lag: number
  lost: number
  /** ms; null: the age of some unread message is unknown. */
  timeLag: number | null
}

/** The group at each bucket of the grid; null where no sweep was stored. */
export function groupPoints({ grid, pairs }: GroupSeries, passed: PassedAt): (GroupPoint | null)[] {
  const lost = pairs.map((pair) => lossesByPartition(pair, grid))
  return grid.sampledAt.map((moment) => {
    if (moment === null) return null
    const point: GroupPoint = { known: 0, unknown: 0, lag: 0, lost: 0, timeLag: 0 }
    pairs.forEach((pair, i) => {
      addPair(point, { pair, lost: lost[i] ?? [], moment, passed })
    })
    return point
  })
}

interface Adding {
  pair: Pair
  lost: Losses[]
  moment: number
  passed: PassedAt
}

type Losses = ReturnType<typeof lossesOf>

function addPair(point: GroupPoint, { pair, lost, moment, passed }: Adding): void {
  for (let partition = 0; partition < pair.partitions; partition++) {
    const losses = lost[partition]
    // What was lost stays lost when the commit expires or the topic is deleted.
    point.lost += losses?.lost[indexAt(losses.at, moment)] ?? 0
    const standing = standingAt(pair, partition, moment)
    if (standing === undefined) continue
    if (standing === null) {
      point.unknown += 1
      continue
    }
    point.known += 1
    point.lag += standing.lag
    if (standing.lag === 0 || point.timeLag === null) continue
    const { destinationId } = pair
    const at = passed({ destinationId, partition, offset: standing.firstUnread }, moment)
    // An unread message is never 0 ms old, whatever the clock of its producer.
    point.timeLag = at === null ? null : Math.max(1, point.timeLag, moment - at)
  }
}

function lossesByPartition(pair: Pair, { sweeps, span }: GroupSeries["grid"]): Losses[] {
  const rows = { log: pair.log, commits: pair.commits, sweeps }
  return Array.from({ length: pair.partitions }, (_, partition) => lossesOf(rows, partition, span.from))
}
