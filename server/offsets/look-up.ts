import type { Broker, Offsets } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { momentOrNull } from "#server/moment.ts"
import { type Place, placeKey } from "#server/place.ts"
import { parseCsv } from "./csv.ts"
import { readGroupNow } from "./group-now.ts"
import type { Found, Strategy } from "./model.ts"
import { readSnapshot, type SnapshotOf } from "./rows.ts"

/** What a strategy names by itself: the commits of another group, the lines of a snapshot or a file. */
export async function namedBy(
  from: { broker: Broker; signal: AbortSignal; snapshots: SnapshotOf },
  strategy: Strategy,
): Promise<(Place & { offset: number })[]> {
  switch (strategy.kind) {
    case "group": {
      const other = await readGroupNow(from.broker, strategy.group, from.signal)
      if (!other.exists) throw new DomainError("not_found", `There is no group ${strategy.group}.`)
      return [...other.commits.values()]
    }
    case "snapshot":
      return readSnapshot(from.snapshots, strategy.snapshot)
    case "csv":
      return parseCsv(strategy.text)
    default:
      return []
  }
}

/** The offsets of a strategy that needs the broker's clock, or that named them. */
export async function lookUp(
  from: { offsets: Offsets; signal: AbortSignal; now: number },
  strategy: Strategy,
  at: { places: readonly Place[]; named: readonly (Place & { offset: number })[] },
): Promise<Map<string, Found>> {
  if (strategy.kind === "time") return byTime(from, at.places, strategy.at)
  if (strategy.kind === "back") return byTime(from, at.places, from.now - strategy.ms)
  return new Map(at.named.map((one) => [placeKey(one), { offset: one.offset }]))
}

async function byTime(
  from: { offsets: Offsets; signal: AbortSignal },
  places: readonly Place[],
  timestamp: number,
): Promise<Map<string, Found>> {
  const asked = places.map(({ destination, partition }) => ({ destination, partition, timestamp }))
  const { found, problems } = await from.offsets.atTime(asked, from.signal)
  const troubles = problems.flatMap((problem): [string, Found][] => {
    const { part, message } = problem
    if (part.kind !== "destination" || part.partition === undefined) return []
    const at = { destination: part.destination, partition: part.partition }
    return [[placeKey(at), { offset: null, trouble: message }]]
  })
  const answers = found.map((one): [string, Found] => [
    placeKey(one),
    { offset: one.offset === null ? null : Number(one.offset), time: momentOrNull(one.timestamp) },
  ])
  return new Map([...troubles, ...answers])
}
