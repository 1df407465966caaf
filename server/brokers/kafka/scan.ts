import { setTimeout as sleep } from "node:timers/promises"
import { isDomainError } from "#server/errors.ts"
import type { ScannedBatch, ScanRange } from "../broker.ts"
import { ownMessage } from "../own-message.ts"
import type { KafkaClient } from "./client.ts"
import { LeaderOf } from "./leader-of.ts"
import { decodeBatch, openBatch, type RawBatch, splitBatches } from "./record-batch.ts"

/** Pauses at the end of the log, in ms: short while something comes, longer when nothing does. */
const PAUSE_MIN = 10
const PAUSE_MAX = 200
/** Bytes of keys and values of a large batch that are handed on at a time. */
const PIECE = 4 << 20

interface Chunk {
  batches: RawBatch[]
  /** The first batch may begin before it, with what was read already or was deleted. */
  from: bigint
  next: bigint
  end: bigint
  /** There was no batch, but the log begins later than was asked. */
  jumped: boolean
}

/**
 * The records of one partition in order. One Fetch is under way while the caller works on the one before; batches are
 * unpacked one at a time. Unless only what is committed is asked for, aborted records, those behind the last stable offset
 * and control records are among them, as read_uncommitted gives them.
 */
export async function* scan(
  client: KafkaClient,
  range: ScanRange,
  signal: AbortSignal,
): AsyncGenerator<ScannedBatch> {
  const leader = new LeaderOf(client, range, signal)
  let ahead = readAhead(leader, range.from)
  let pause = PAUSE_MIN
  for (;;) {
    if (signal.aborted && range.to === null) return
    const chunk = await ahead.catch((error: unknown) => {
      if (signal.aborted && range.to === null) return null
      throw error
    })
    if (!chunk) return
    const { next, end } = chunk
    const done = range.to !== null && (next >= range.to || (chunk.batches.length === 0 && next >= end))
    const idle = !done && chunk.batches.length === 0 && next >= end
    if (!done && !idle) ahead = readAhead(leader, next)
    yield* unpacked(chunk, range, signal)
    if (done) return
    if (!idle) {
      pause = PAUSE_MIN
      continue
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    pause = Math.min(PAUSE_MAX, pause * 2)
    ahead = readAhead(leader, next)
  }
}

/** Nobody may be waiting yet when it fails: the failure is for whoever awaits it later. */
function readAhead(leader: LeaderOf, from: bigint): Promise<Chunk> {
  const reading = read(leader, from)
  reading.catch(() => undefined)
  return reading
}

async function read(leader: LeaderOf, from: bigint): Promise<Chunk> {
  const fetched = await leader.fetch(from)
  const batches = splitBatches(fetched.records, fetched)
  const next = batches.at(-1)?.next ?? fetched.from
  const jumped = batches.length === 0 && fetched.from > from
  return { batches, from: fetched.from, next, end: fetched.end, jumped }
}

async function* unpacked(chunk: Chunk, range: ScanRange, signal: AbortSignal): AsyncGenerator<ScannedBatch> {
  const { end } = chunk
  if (chunk.jumped) yield { messages: [], next: chunk.next, end, bytes: 0, problem: null }
  for (const batch of chunk.batches) {
    if (signal.aborted && range.to === null) return
    signal.throwIfAborted()
    if (range.to !== null && batch.first >= range.to) return
    const head = { next: batch.next, end, bytes: batch.bytes.length }
    if (range.isolation === "committed" && batch.withheld !== null) {
      yield { ...head, messages: [], problem: null }
      continue
    }
    try {
      yield* inPieces(batch, head, { from: chunk.from, to: range.to })
    } catch (error) {
      if (range.unreadable !== "named" || !isDomainError(error)) throw error
      yield { ...head, messages: [], problem: error.message }
    }
  }
}

/**
 * A large batch comes in pieces, which are copies: while somebody works on one, however long, the batch itself is not in
 * memory. It is unpacked once for each.
 */
async function* inPieces(
  batch: RawBatch,
  head: Pick<ScannedBatch, "next" | "end" | "bytes">,
  { from, to }: Pick<ScanRange, "from" | "to">,
): AsyncGenerator<ScannedBatch> {
  let { bytes } = head
  for (let at = from; ; bytes = 0) {
    const { messages, rest } = await pieceOf(batch, at, to)
    yield { ...head, next: rest ?? head.next, bytes, messages, problem: null }
    if (rest === null) return
    at = rest
  }
}

/** `rest`: the offset at which the next piece begins; null: there is none. */
async function pieceOf(batch: RawBatch, from: bigint, to: bigint | null) {
  using open = await openBatch(batch)
  const all = decodeBatch(open, from, to)
  if (!open.lent) return { messages: all, rest: null }
  let bytes = 0
  const beyond = all.findIndex((message, i) => {
    bytes += (message.key?.length ?? 0) + (message.value?.length ?? 0)
    return i > 0 && bytes > PIECE
  })
  const taken = beyond < 0 ? all : all.slice(0, beyond)
  return { messages: taken.map(ownMessage), rest: all[taken.length]?.offset ?? null }
}
