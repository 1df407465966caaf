import type { Broker, MessageAt } from "#server/brokers/broker.ts"
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
  /** Names of the destinations, by id. */
  names: ReadonlyMap<number, string>
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
  const ids = new Map([...from.names].map(([id, name]) => [name, id]))
  const positions = needed.flatMap((one) => {
    const destination = from.names.get(one.destinationId)
    return destination === undefined
      ? []
      : [{ destination, partition: one.partition, offset: BigInt(one.offset) }]
  })
  if (positions.length === 0 || !from.broker?.messages) return []
  const read = await from.broker.messages.read(positions, signal).catch(() => null)
  const found = await ofThese(from.broker, read?.found ?? [], signal)
  return found.flatMap(({ position, message }): Appended[] => {
    const destinationId = ids.get(position.destination)
    const at = momentOrNull(message?.timestamp ?? null)
    if (destinationId === undefined || at === null) return []
    const offset = Number(position.offset)
    return [{ destinationId, partition: position.partition, offset, at, source: "record" }]
  })
}

/**
 * Without those that tell nothing of their position: where retention has deleted what was asked for, the first record
 * after it may be younger by days. Within the log the next one stands for what compaction took, or for a control record.
 */
async function ofThese(
  broker: Pick<Broker, "logs">,
  found: readonly MessageAt[],
  signal: AbortSignal,
): Promise<MessageAt[]> {
  const isLater = ({ position, message }: MessageAt) => message !== null && message.offset > position.offset
  const names = [...new Set(found.filter(isLater).map((one) => one.position.destination))]
  if (names.length === 0) return [...found]
  const bounds = await broker.logs?.bounds(names, signal).catch(() => null)
  const starts = new Map(bounds?.found.map((one) => [one.name, one.starts]))
  return found.filter((one) => {
    const start = starts.get(one.position.destination)?.[one.position.partition] ?? null
    return !isLater(one) || (start !== null && start <= one.position.offset)
  })
}
