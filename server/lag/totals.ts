import type { GroupStatus } from "#server/group-status.ts"
import type { Rate } from "#server/rates.ts"
import type { DestinationEvaluation, Totals } from "./evaluation.ts"
import { caughtUpIn } from "./forecast.ts"
import type { PartitionLag } from "./model.ts"

/** What is added up. `counted` are the partitions that the group has committed on, or may have. */
type Sums = Pick<
  Totals,
  "lag" | "timeLag" | "lost" | "partitionCount" | "unknownPartitions" | "unknownTimeLags"
>

/** The partitions of one destination as one: what is known of them, and how many are not known. */
export function sums(partitions: readonly PartitionLag[]): Sums {
  const counted = partitions.filter((one) => !one.noCommit)
  return bounded({
    lag: addUp(counted.map((one) => one.lag)),
    timeLag: greatest(counted.map((one) => one.timeLag)),
    lost: addUp(counted.map((one) => one.lost)),
    partitionCount: counted.length,
    unknownPartitions: counted.filter((one) => one.lag === null).length,
    unknownTimeLags: counted.filter((one) => one.timeLag === null).length,
  })
}

/** The destinations of one group as one. */
export function lagTotals(
  destinations: readonly DestinationEvaluation[],
  rates: { produced: Rate; consumed: Rate },
): Totals {
  const all = bounded({
    lag: addUp(destinations.map((one) => one.lag)),
    timeLag: greatest(destinations.map((one) => one.timeLag)),
    lost: addUp(destinations.map((one) => one.lost)),
    partitionCount: total(destinations.map((one) => one.partitionCount)),
    unknownPartitions: total(destinations.map((one) => one.unknownPartitions)),
    unknownTimeLags: total(destinations.map((one) => one.unknownTimeLags)),
  })
  const { produced, consumed } = rates
  const whole = all.lag !== null && all.unknownPartitions === 0
  return {
    ...all,
    produceRate: produced.perSecond,
    consumeRate: consumed.perSecond,
    ratesPartial: produced.partial || consumed.partial,
    caughtUpIn: whole ? caughtUpIn(all.lag ?? 0, produced.perSecond, consumed.perSecond) : null,
    lostIn: firstLoss(destinations),
  }
}

/** How long a status has lasted, as far as the window shows, when it is seen for the first time. */
export function began(
  status: GroupStatus,
  byDestination: readonly DestinationEvaluation[],
  at: { now: number; windowStart: number },
): number {
  // The rule looks at the whole window: what it says has held since then.
  if (status === "behind") return at.windowStart
  if (status !== "stopped" && status !== "stalled") return at.now
  const partitions = byDestination.flatMap((one) => one.partitions)
  const last = Math.max(0, ...partitions.map((one) => one.lastCommitAt ?? 0))
  if (status === "stopped" && last > 0) return last
  return at.now - Math.max(0, ...partitions.map((one) => one.timeLag ?? 0))
}

/** The earliest over partitions; what is not known may come earlier, so that "never" needs all of them. */
function firstLoss(destinations: readonly DestinationEvaluation[]): number | null {
  let first = Number.POSITIVE_INFINITY
  let whole = destinations.length > 0
  for (const { lag, lostIn, noCommit } of destinations.flatMap((one) => one.partitions)) {
    if (lostIn !== null) first = Math.min(first, lostIn)
    else if (lag !== 0 && !noCommit) whole = false
  }
  return whole || Number.isFinite(first) ? first : null
}

/** A lower bound of zero says nothing: with a part unknown it is unknown. */
function bounded(all: Sums): Sums {
  const atLeast = (sum: number | null, unknown: number) => (sum === 0 && unknown > 0 ? null : sum)
  return {
    ...all,
    lag: atLeast(all.lag, all.unknownPartitions),
    timeLag: atLeast(all.timeLag, all.unknownTimeLags),
    lost: atLeast(all.lost, all.unknownPartitions),
  }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function addUp(values: readonly (number | null)[]): number | null {
  let sum: number | null = null
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value
  return sum
}

function greatest(values: readonly (number | null)[]): number | null {
  let most: number | null = null
  for (const value of values) if (value !== null) most = Math.max(most ?? value, value)
  return most
}
