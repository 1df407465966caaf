import type { Broker, Message } from "#server/brokers/broker.ts"
import { freeLarge } from "#server/brokers/own-message.ts"
import { DomainError } from "#server/errors.ts"
import { later } from "./bounds.ts"
import { IN_LIST, type Lens, type ShownMessage, showMessages } from "./shown.ts"

/** Bytes of messages read for one page of one partition. */
const BUDGET = 32 << 20

/** Messages of one partition in the order of their offsets. */
export interface Piece {
  partition: number
  rows: ShownMessage[]
  /** Where to go on beyond these rows; null: there is no more. */
  rest: bigint | null
  /** What could not be read among them, in sentences. */
  unread: string[]
}

interface Range {
  destination: string
  partition: number
  limit: number
  lens: Lens
}

/** The first messages from `from` on, until there are enough of them or they were too large. */
export async function readForward(
  broker: Broker,
  asked: Range & { from: bigint; end: bigint },
  signal: AbortSignal,
): Promise<Piece> {
  const { partition, limit, lens, end } = asked
  const rows: ShownMessage[] = []
  const unread: string[] = []
  let bytes = 0
  let next = asked.from
  for await (const batch of scanOf(broker, { ...asked, to: end }, signal)) {
    if (batch.problem !== null) unread.push(batch.problem)
    const wanted = batch.messages.slice(0, limit - rows.length)
    rows.push(...(await showMessages(inPartition(wanted, partition), lens, IN_LIST)))
    batch.messages.forEach(freeLarge)
    next = (wanted.at(-1)?.offset ?? next - 1n) + 1n
    if (rows.length === limit) return { partition, rows, rest: next < end ? next : null, unread }
    next = batch.next
    bytes += batch.bytes
    if (bytes > BUDGET) break
  }
  return { partition, rows, rest: bytes > BUDGET && next < end ? next : null, unread }
}

/** The last messages before `end`. Where offsets have no message (compaction), it looks further back. */
export async function readNewest(
  broker: Broker,
  asked: Range & { start: bigint; end: bigint },
  signal: AbortSignal,
): Promise<Piece> {
  const { partition, limit, start, end } = asked
  const unread: string[] = []
  let rows: ShownMessage[] = []
  let to = end
  let width = BigInt(limit)
  while (to > start && rows.length < limit) {
    const from = later(to - width, start)
    const piece = await readTail(broker, { ...asked, from, to }, signal)
    rows = [...piece.rows, ...rows]
    unread.unshift(...piece.unread)
    to = piece.from
    width *= 4n
  }
  const kept = rows.slice(-limit)
  const lowest = kept.length < rows.length ? BigInt(kept[0]?.offset ?? to) : to
  return { partition, rows: kept, rest: lowest > start ? lowest : null, unread }
}

/** The messages of a range; only its later part when they are too large for a page. */
async function readTail(
  broker: Broker,
  asked: Range & { from: bigint; to: bigint },
  signal: AbortSignal,
): Promise<{ rows: ShownMessage[]; from: bigint; unread: string[] }> {
  const { partition, lens } = asked
  const unread: string[] = []
  let rows: ShownMessage[] = []
  let bytes = 0
  let from = asked.from
  for await (const batch of scanOf(broker, asked, signal)) {
    if (batch.problem !== null) unread.push(batch.problem)
    rows.push(...(await showMessages(inPartition(batch.messages, partition), lens, IN_LIST)))
    batch.messages.forEach(freeLarge)
    bytes += batch.bytes
    // What is shown is small by now; what was too much is the reading, so that the next page begins here.
    if (bytes > BUDGET && rows.length > 1) {
      rows = rows.slice(Math.ceil(rows.length / 2))
      from = BigInt(rows[0]?.offset ?? asked.from)
      bytes = 0
    }
  }
  return {
    rows: rows.slice(-asked.limit),
    unread,
    from: rows.length > asked.limit ? BigInt(rows.at(-asked.limit)?.offset ?? from) : from,
  }
}

function inPartition(messages: readonly Message[], partition: number) {
  return messages.map((message) => ({ partition, message }))
}

function scanOf(
  broker: Broker,
  { destination, partition, from, to }: { destination: string; partition: number; from: bigint; to: bigint },
  signal: AbortSignal,
) {
  if (!broker.messages) throw new DomainError("unsupported", "Signalbox cannot read messages of this system.")
  return broker.messages.scan({ destination, partition, from, to, unreadable: "named" }, signal)
}
