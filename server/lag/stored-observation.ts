import { type CommitSeries, indexAt, type LogSeries, NO_COMMIT } from "#server/store/index.ts"
import { type EmptyChanges, membersAt } from "./emptiness.ts"
import type { EmptyRange, Observation, ObservedLog, OwnWrite } from "./evaluation.ts"
import { storedHeld } from "./stored-empty.ts"
import { storedRetention } from "./stored-retention.ts"

/** The stored samples of a span, with what was known of destinations and groups, by id. */
export interface StoredSamples {
  logs: readonly LogSeries[]
  commits: readonly CommitSeries[]
  destinations: ReadonlyMap<number, Omit<ObservedLog, "id" | "starts" | "ends">>
  groups: ReadonlyMap<number, { name: string; members: number | null; emptyChanges: EmptyChanges }>
  /** What Signalbox wrote, by the group's name. */
  writes: ReadonlyMap<string, OwnWrite[]>
}

/** The samples as they stood at any moment, ms: each series' last row at or before it, as a sweep would have observed it. */
export function storedObservations(from: StoredSamples): (at: number) => Observation {
  const commits = Map.groupBy(from.commits, (one) => one.groupId)
  return (at) => ({
    at,
    destinations: from.logs.flatMap((log) => {
      const known = from.destinations.get(log.destinationId)
      const row = indexAt(log.at, at)
      const [starts, ends] = [log.starts[row], log.ends[row]]
      return known && starts && ends ? [{ id: log.destinationId, ...known, starts, ends }] : []
    }),
    groups: [...from.groups].map(([id, group]) => ({
      id,
      name: group.name,
      members: membersAt(group, at),
      known: true,
      writes: from.writes.get(group.name) ?? [],
      commits: (commits.get(id) ?? []).flatMap((one) => {
        const offsets = one.offsets[indexAt(one.at, at)]
        // A row without any commit ends a series: the broker names such a destination no longer.
        const isOver = offsets?.every((offset) => offset === NO_COMMIT) ?? true
        return offsets && !isOver ? [{ destinationId: one.destinationId, offsets }] : []
      }),
    })),
  })
}

/** When a group was empty, as its state tells it; a group that was never judged has none. */
export function storedEmptyChanges(state: { emptyChanges: readonly Date[] } | null): EmptyChanges {
  return (state?.emptyChanges ?? []).map((one) => one.getTime())
}

/** A destination as the store keeps it. */
type StoredDestination = Parameters<typeof storedRetention>[0] & { id: number; name: string; held: unknown }

/** What the store knows of destinations beside their samples, by id. */
export function storedDestinations(
  rows: readonly StoredDestination[],
  empty: ReadonlyMap<number, EmptyRange[]>,
): StoredSamples["destinations"] {
  return new Map(
    rows.map((row) => [
      row.id,
      {
        name: row.name,
        retention: storedRetention(row),
        stable: storedHeld(row.held),
        empty: empty.get(row.id) ?? [],
      },
    ]),
  )
}
