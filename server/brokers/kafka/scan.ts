import { setTimeout as sleep } from "node:timers/promises"
import type { Held } from "#server/budget.ts"
import { isDomainError } from "#server/errors.ts"
import type { ScannedBatch, ScanRange } from "../broker.ts"
import { ownMessage } from "../own-message.ts"
import type { KafkaClient } from "./client.ts"
import { fetches, pieces } from "./held.ts"
import { FETCH_BYTES, LeaderOf } from "./leader-of.ts"
import { openBatch, type RawBatch, splitBatches, type Taken, takeFrom } from "./record-batch.ts"

/** Pauses at the end of the log, in ms: short while something comes, longer when nothing does. */
const PAUSE_MIN = 10
const PAUSE_MAX = 200
/** Bytes of messages that are handed on at a time, and what they take beside their own. */
const PIECE = 4 << 20

interface Chunk {
  batches: RawBatch[]
  /** The first batch may begin before it, with what was read already or was deleted. */
  from: bigint
  next: bigint
  end: bigint
  /** There was no batch, but the log begins later than was asked. */
  jumped: boolean
  /** What it takes in memory. */
  held: Held
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
  let ahead = readAhead(leader, range.from, signal)
  let pause = PAUSE_MIN
  try {
    for (;;) {
      if (signal.aborted && range.to === null) return
      const chunk = await ahead.catch((error: unknown) => {
        if (signal.aborted && range.to === null) return null
        throw error
      })
      if (!chunk) return
      using _ = chunk.held
      const { next, end } = chunk
      const done = range.to !== null && (next >= range.to || (chunk.batches.length === 0 && next >= end))
      const idle = !done && chunk.batches.length === 0 && next >= end
      if (!done && !idle) ahead = readAhead(leader, next, signal)
      yield* unpacked(chunk, range, signal)
      if (done) return
      if (!idle) {
        pause = PAUSE_MIN
        continue
      }
      await sleep(pause, undefined, { signal }).catch(() => undefined)
      pause = Math.min(PAUSE_MAX, pause * 2)
      ahead = readAhead(leader, next, signal)
    }
  } finally {
    ahead.then(({ held }) => held[Symbol.dispose]()).catch(() => undefined)
  }
}

/** Nobody may be waiting yet when it fails: the failure is for whoever awaits it later. */
function readAhead(leader: LeaderOf, from: bigint, signal: AbortSignal): Promise<Chunk> {
  const reading = read(leader, from, signal)
  reading.catch(() => undefined)
  return reading
}

async function read(leader: LeaderOf, from: bigint, signal: AbortSignal): Promise<Chunk> {
  const held = await fetches().take(FETCH_BYTES, signal)
  try {
    const fetched = await leader.fetch(from)
    held.become(fetched.records.length)
    const batches = splitBatches(fetched.records, fetched)
    const next = batches.at(-1)?.next ?? fetched.from
    const jumped = batches.length === 0 && fetched.from > from
    return { batches, from: fetched.from, next, end: fetched.end, jumped, held }
  } catch (error) {
    held[Symbol.dispose]()
    throw error
  }
}

async function* unpacked(chunk: Chunk, range: ScanRange, signal: AbortSignal): AsyncGenerator<ScannedBatch> {
  const { end } = chunk
  const isNamed = range.unreadable === "named"
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
      yield* inPieces(batch, head, { from: chunk.from, to: range.to, isNamed, signal })
    } catch (error) {
      if (!isNamed || !isDomainError(error)) throw error
      yield { ...head, messages: [], problem: error.message }
    }
  }
}

/**
 * A large batch comes in pieces, which are copies: while somebody works on one, however long, the batch itself is not in
 * memory. It is unpacked once for each. So much is handed on at a time of all that this process reads. A message that is
 * larger than a piece is copied only when there is room for all of it: the batch is unpacked again then.
 */
async function* inPieces(
  batch: RawBatch,
  head: Pick<ScannedBatch, "next" | "end" | "bytes">,
  { from, to, isNamed, signal }: Pick<ScanRange, "from" | "to"> & { isNamed: boolean; signal: AbortSignal },
): AsyncGenerator<ScannedBatch> {
  let { bytes } = head
  let room = PIECE
  for (let at = from; ; ) {
    using held = await pieces().take(room, signal)
    const { messages, rest, problem, ...piece } = await pieceOf(batch, { from: at, to, room })
    if (piece.bytes > room) {
      room = piece.bytes
      continue
    }
    held.become(piece.bytes)
    if (problem && !isNamed) throw problem
    yield { ...head, next: rest ?? head.next, bytes, messages, problem: problem?.message ?? null }
    if (rest === null) return
    at = rest
    bytes = 0
    room = PIECE
  }
}

/** What does not fit in `room` has its size, but no messages. */
async function pieceOf(
  batch: RawBatch,
  { from, to, room }: Pick<ScanRange, "from" | "to"> & { room: number },
): Promise<Taken> {
  using open = await openBatch(batch)
  const taken = takeFrom(open, { from, to, bytes: PIECE })
  if (taken.bytes > room) return { ...taken, messages: [] }
  return open.lent ? { ...taken, messages: taken.messages.map(ownMessage) } : taken
}
