import type { GroupEvaluation } from "#server/lag/index.ts"
import type { Inventory } from "./inventory.ts"

/** What a sweep says of one group on one destination. Null: unknown, as a whole or in a part. */
export interface GroupLag {
  group: string
  destination: string
  lag: number | null
  /** ms. */
  timeLag: number | null
}

/** The evaluations of a sweep by name. */
export function groupLags(evaluations: readonly GroupEvaluation[], inventory: Inventory): GroupLag[] {
  const groups = new Map([...inventory.groups].map(([name, { id }]) => [id, name]))
  const destinations = new Map([...inventory.destinations.values()].map(({ id, name }) => [id, name]))
  return evaluations.flatMap(({ id, byDestination }) =>
    byDestination.flatMap(({ destinationId, lag, timeLag, unknownPartitions, unknownTimeLags }) => {
      const [group, destination] = [groups.get(id), destinations.get(destinationId)]
      if (group === undefined || destination === undefined) return []
      // A lower bound must not resolve an alert: a series has no sample while a part of it is unknown.
      const whole = unknownPartitions === 0 ? lag : null
      return [{ group, destination, lag: whole, timeLag: unknownTimeLags === 0 ? timeLag : null }]
    }),
  )
}
