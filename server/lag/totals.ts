import type { GroupStatus } from "#server/group-status.ts"
import type { DestinationEvaluation, Totals } from "./evaluation.ts"
import { caughtUpIn } from "./forecast.ts"
import type { PartitionLag } from "./model.ts"

/** The partitions of one destination as one. */
export function sums(partitions: readonly PartitionLag[]): Pick<Totals, "lag" | "timeLag" | "lost"> {
  return {
    lag: addUp(partitions.map((one) => one.lag)),
    timeLag: greatest(partitions.map((one) => one.timeLag)),
    lost: addUp(partitions.map((one) => one.lost)),
  }
}

/** The destinations of one group as one. */
export function totalsOf(
  destinations: readonly DestinationEvaluation[],
  rates: Pick<Totals, "produceRate" | "consumeRate">,
): Totals {
  const lag = addUp(destinations.map((one) => one.lag))
  return {
    lag,
    timeLag: greatest(destinations.map((one) => one.timeLag)),
    lost: addUp(destinations.map((one) => one.lost)),
    produceRate: rates.produceRate,
    consumeRate: rates.consumeRate,
    caughtUpIn: lag === null ? null : caughtUpIn(lag, rates.produceRate, rates.consumeRate),
    lostIn: firstLoss(destinations),
  }
}

/** How long a status has lasted, as far as the window shows, when it is seen for the first time. */
export function began(
  status: GroupStatus,
  byDestination: readonly DestinationEvaluation[],
  at: number,
): number {
  if (status !== "stopped" && status !== "stalled") return at
  const partitions = byDestination.flatMap((one) => one.partitions)
  const last = Math.max(0, ...partitions.map((one) => one.lastCommitAt ?? 0))
  if (status === "stopped" && last > 0) return last
  return at - Math.max(0, ...partitions.map((one) => one.timeLag ?? 0))
}

/** The earliest over partitions; null: nothing is known of any. */
function firstLoss(destinations: readonly DestinationEvaluation[]): number | null {
  let first: number | null = null
  for (const { partitions } of destinations) {
    for (const { lostIn } of partitions) if (lostIn !== null) first = Math.min(first ?? lostIn, lostIn)
  }
  return first
}

function addUp(values: readonly (number | null)[]): number | null {
  let total: number | null = null
  for (const value of values) if (value !== null) total = (total ?? 0) + value
  return total
}

function greatest(values: readonly (number | null)[]): number | null {
  let most: number | null = null
  for (const value of values) if (value !== null) most = Math.max(most ?? value, value)
  return most
}
