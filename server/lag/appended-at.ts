import type { Broker, LogBounds, MessageAt } from "#server/brokers/broker.ts"
import { momentOrNull } from "#server/moment.ts"
import { type PassedRequest, type Store, whenEndPassed } from "#server/store/index.ts"
import { interpolate } from "./end-history.ts"
import type { Needed } from "./evaluation.ts"
import type { TimeLagSource } from "./model.ts"
import { positionKey } from "./position-key.ts"

/** When the record at a position was appended, and how that is known. */
export interface Appended extends Needed {
  at: number
  source: Exclude<TimeLagSource, "none">
}

export interface AppendedFrom {
  store: Store
  clusterId: number
  /** Asked for the timestamps of records; null: it cannot be. */
  broker: Pick<Broker, "messages" | "logs"> | null
  /** The destinations, by id. */
  destinations: ReadonlyMap<number, KnownDestination>
}

/** One life of a destination: a topic that is made anew has the same name and another uid. */
export interface KnownDestination {
  name: string
  /** Empty where the system has none. */
  uid: string
}

export interface AppendedHow {
  /** Which of the two is asked first; the other answers what the first does not know. */
  first: Appended["source"]
  /** Records that are read at most; history is asked for all. */
  maxRecords: number
  signal: AbortSignal
}

/**
 * When the records at these positions were appended: from the stored history of end offsets (interpolated between two
 * samples), or from the timestamp of the record itself. A position that neither knows is left out; a broker that cannot
 * be asked leaves out what only it knows. Rejects only when the store does.
 */
export async function appendedAt(
  from: AppendedFrom,
  needed: readonly Needed[],
  how: AppendedHow,
): Promise<Appended[]> {
  const ask = {
    history: (open: readonly Needed[]) => fromHistory(from, open),
    record: (open: readonly Needed[]) => fromRecords(from, open.slice(0, how.maxRecords), how.signal),
  }
  const first = await ask[how.first](needed)
  const known = new Set(first.map(positionKey))
  const open = needed.filter((one) => !known.has(positionKey(one)))
  return [...first, ...(await ask[how.first === "history" ? "record" : "history"](open))]
}

async function fromHistory(from: AppendedFrom, needed: readonly PassedRequest[]): Promise<Appended[]> {
  const found = await whenEndPassed(from.store, from.clusterId, needed)
  return found.map(({ before, after, ...one }) => ({
    ...one,
    at: interpolate(one.offset, before, after),
    source: "history",
  }))
}

async function fromRecords(
  from: AppendedFrom,
  needed: readonly Needed[],
  signal: AbortSignal,
): Promise<Appended[]> {
  const asked = needed.flatMap((one) => {
    const destination = from.destinations.get(one.destinationId)
    return destination ? [{ ...one, ...destination }] : []
  })
  const { messages, logs } = from.broker ?? {}
  if (asked.length === 0 || !messages || !logs) return []
  const positions = asked.map(({ name, partition, offset }) => ({
    ...{ destination: name, partition, offset: BigInt(offset) },
  }))
  const names = [...new Set(asked.map((one) => one.name))]
  const read = await messages.read(positions, signal).catch(() => null)
  // After the records: what still is the same life now was so when they were read.
  const bounds = await logs.bounds(names, signal).catch(() => null)
  const logsNow = new Map(bounds?.found.map((one) => [one.name, one]))
  const found = new Map(read?.found.map((one) => [placeOf(one.position), one]))
  return asked.flatMap(({ name, uid, destinationId, partition, offset }): Appended[] => {
    const log = logsNow.get(name)
    const record = found.get(placeOf({ destination: name, partition, offset: BigInt(offset) }))
    const at = momentOrNull(record?.message?.timestamp ?? null)
    if (!record || at === null || (log?.uid ?? "") !== uid || !tellsOf(record, log)) return []
    return [{ destinationId, partition, offset, at, source: "record" }]
  })
}

function placeOf({ destination, partition, offset }: MessageAt["position"]): string {
  return `${partition}/${offset}/${destination}`
}

/**
 * Whether a record tells of the position that was asked for: where retention has deleted that, the first record after it
 * may be younger by days. Within the log the next one stands for what compaction took, or for a control record.
 */
function tellsOf({ position, message }: MessageAt, log: LogBounds | undefined): boolean {
  if (message === null || message.offset === position.offset) return true
  const start = log?.starts[position.partition] ?? null
  return start !== null && start <= position.offset
}
