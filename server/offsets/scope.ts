import { type Place, placeKey } from "#server/place.ts"
import type { Scope, Strategy } from "./model.ts"

/** What decides which partitions a plan is about. */
export interface Reach {
  strategy: Strategy
  only: Scope
  /** Where the group has a commit. */
  own: readonly Place[]
  /** What the strategy names by itself: another group's commits, a snapshot's or a file's lines. */
  named: readonly Place[]
  /** Partitions by destination; a destination that does not exist is missing. */
  partitions: ReadonlyMap<string, readonly number[]>
}

/** Destinations that a plan asks about, before their partitions are known. */
export function destinationsOf(reach: Omit<Reach, "partitions">): string[] {
  const named = reach.only?.map((one) => one.destination) ?? source(reach).map((one) => one.destination)
  return [...new Set(named)].sort()
}

/**
 * The partitions that a plan is about, in order. Those that were named stay, whether they exist or not: the plan says
 * that they do not.
 */
export function placesOf(reach: Reach): Place[] {
  if (reach.only === null) return reachOfAll(reach)
  const places = reach.only.flatMap((one) => {
    const { destination } = one
    const all = one.partitions ?? reach.partitions.get(destination)
    return all?.map((partition) => ({ destination, partition })) ?? [{ destination, partition: 0 }]
  })
  return ordered(reach.strategy.kind === "csv" ? withinFile(places, reach) : places)
}

/** A file says by itself which partitions it is about. */
function withinFile(places: Place[], reach: Reach): Place[] {
  const named = new Set(reach.named.map(placeKey))
  return places.filter((place) => named.has(placeKey(place)))
}

function reachOfAll(reach: Reach): Place[] {
  const { kind } = reach.strategy
  if (kind === "csv" || kind === "snapshot" || kind === "forget") return ordered(source(reach))
  const topics = [...new Set(source(reach).map((one) => one.destination))]
  const places = topics.flatMap((destination) => {
    const all = reach.partitions.get(destination)
    if (!all) return source(reach).filter((one) => one.destination === destination)
    return all.map((partition) => ({ destination, partition }))
  })
  return ordered(places)
}

/** A group that has no commit yet takes what the strategy names. */
function source({ strategy, own, named }: Omit<Reach, "partitions">): readonly Place[] {
  if (strategy.kind === "csv" || strategy.kind === "snapshot") return named
  return own.length === 0 ? named : own
}

function ordered(places: readonly Place[]): Place[] {
  const distinct = [...new Map(places.map((place) => [placeKey(place), place])).values()]
  return distinct
    .map(({ destination, partition }) => ({ destination, partition }))
    .sort((a, b) => a.destination.localeCompare(b.destination) || a.partition - b.partition)
}
