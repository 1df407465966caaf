import { type Appended, type AppendedFrom, appendedAt } from "./appended-at.ts"
import { EndCurve, heldUntil } from "./end-curve.ts"
import { firstAbove } from "./end-history.ts"
import type { Needed } from "./evaluation.ts"
import type { PassedAt } from "./group-points.ts"
import { type GroupSeries, standingAt } from "./group-series.ts"
import { positionKey } from "./position-key.ts"

/** Positions whose moment is asked for, for one chart; between them it is interpolated. */
const MAX_ASKED = 300
/** Two rows this many times the resolution apart have a gap between them. */
const MAX_GAP = 2
/** Records read for one chart. */
const MAX_RECORDS = 100

/**
 * When the oldest unread messages of a chart were appended: from the rows of the chart; for what is older than they are,
 * or lies in a gap between them (of a roll-up that is wider than what the sweeps missed), from finer or earlier history
 * or the records. Of many such positions on a partition some are asked for, and what lies
 * between two of them is interpolated.
 */
export async function passedMoments(
  series: GroupSeries,
  from: AppendedFrom,
  signal: AbortSignal,
): Promise<PassedAt> {
  const curves = new Map(
    series.pairs.map((pair) => {
      const held = heldUntil(pair.log?.at ?? [], series.grid.sweeps)
      const curveOf = (_: unknown, partition: number) => new EndCurve(pair.log, partition, held)
      return [pair.destinationId, Array.from({ length: pair.partitions }, curveOf)]
    }),
  )
  const fromRows =
    (maxGapMs?: number): PassedAt =>
    (place, moment) =>
      curves.get(place.destinationId)?.[place.partition]?.passedAt(place.offset, moment, maxGapMs) ?? null
  const near = fromRows(MAX_GAP * series.grid.resolutionMs)
  const asked = spread(missing(series, near), MAX_ASKED)
  const how = { first: "history", maxRecords: MAX_RECORDS, signal } as const
  const learned = new Learned(await appendedAt(from, asked, how))
  const far = fromRows()
  return (place, moment) => near(place, moment) ?? learned.at(place) ?? far(place, moment)
}

/** Positions of oldest unread messages whose moment the rows do not show, by partition and in order of offsets. */
function missing(series: GroupSeries, passed: PassedAt): Needed[][] {
  const found = new Map<string, Needed>()
  for (const pair of series.pairs) {
    for (const moment of series.grid.sampledAt) {
      if (moment === null) continue
      for (let partition = 0; partition < pair.partitions; partition++) {
        const standing = standingAt(pair, partition, moment)
        if (!standing || standing.lag === 0) continue
        const place = { destinationId: pair.destinationId, partition, offset: standing.firstUnread }
        if (passed(place, moment) === null) found.set(positionKey(place), place)
      }
    }
  }
  const byPartition = Map.groupBy(found.values(), (one) => `${one.destinationId}/${one.partition}`)
  return [...byPartition.values()].map((places) => places.sort((a, b) => a.offset - b.offset))
}

/** At most `max` of them, the first and the last of each list before what lies between. */
function spread(lists: readonly Needed[][], max: number): Needed[] {
  const each = Math.max(2, Math.floor(max / Math.max(1, lists.length)))
  return lists.flatMap((list) => evenly(list, each)).slice(0, max)
}

function evenly(list: readonly Needed[], count: number): Needed[] {
  if (list.length <= count) return [...list]
  const step = (list.length - 1) / (count - 1)
  return Array.from({ length: count }, (_, i) => list[Math.round(i * step)]).filter(
    (one) => one !== undefined,
  )
}

/** What was asked for; between two answers of one partition it is interpolated, beyond them it is unknown. */
class Learned {
  readonly #known = new Map<string, { offsets: number[]; at: number[] }>()

  constructor(appended: readonly Appended[]) {
    for (const one of appended.toSorted((a, b) => a.offset - b.offset)) {
      const key = `${one.destinationId}/${one.partition}`
      const known = this.#known.get(key) ?? { offsets: [], at: [] }
      this.#known.set(key, known)
      known.offsets.push(one.offset)
      known.at.push(one.at)
    }
  }

  at(place: Needed): number | null {
    const known = this.#known.get(`${place.destinationId}/${place.partition}`)
    if (!known) return null
    const next = firstAbove(known.offsets, place.offset)
    const [offset, at] = [known.offsets[next - 1], known.at[next - 1]]
    if (offset === undefined || at === undefined) return null
    if (offset === place.offset) return at
    const [offsetAfter, after] = [known.offsets[next], known.at[next]]
    if (offsetAfter === undefined || after === undefined) return null
    return at + ((after - at) * (place.offset - offset)) / (offsetAfter - offset)
  }
}
