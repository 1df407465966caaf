import type { Broker } from "#server/brokers/broker.ts"
import { DomainError, messageOf } from "#server/errors.ts"
import { pooled } from "../pool.ts"
import type { Lens } from "../shown.ts"
import { type Matcher, makeMatcher } from "./matcher.ts"
import type { PartitionProgress, Question } from "./question.ts"

/** Partitions that are read at a time. */
const AT_A_TIME = 4
/** After how long (ms) other work of the process gets its turn: answers of the brokers must not wait, they time out. */
const TURN = 20
/** Messages between two looks at the clock. */
const LOOK = 128

export interface Match {
  partition: number
  offset: bigint
  timestamp: bigint | null
}

export interface Search {
  broker: Broker
  destination: string
  question: Question
  lens: Lens
  /** Changed in place, batch by batch. */
  partitions: PartitionProgress[]
  /** What was found and not yet taken. */
  found: Match[]
}

/**
 * Reads what is left of each partition and judges every message. A partition that cannot be read is marked and does not
 * take the others with it. Ends early when `signal` aborts or the limit is reached; progress says how far it came.
 */
export async function runSearch(search: Search, signal: AbortSignal): Promise<{ limited: boolean }> {
  const matcher = makeMatcher(search.question, search.lens)
  const enough = new AbortController()
  const ends = AbortSignal.any([signal, enough.signal])
  const matched = () => search.partitions.reduce((sum, one) => sum + one.matched, 0)
  const left = search.partitions.filter((one) => one.state !== "done" && one.from !== null)
  const reading = { search, matcher, full: () => matched() >= search.question.limit, enough, ends }
  await pooled(left, AT_A_TIME, (progress) => readPartition(reading, progress))
  return { limited: enough.signal.aborted }
}

interface Reading {
  search: Search
  matcher: Matcher
  full: () => boolean
  enough: AbortController
  ends: AbortSignal
}

async function readPartition(reading: Reading, progress: PartitionProgress): Promise<void> {
  const { search, ends } = reading
  if (ends.aborted) return
  progress.state = "reading"
  progress.problem = null
  try {
    await scanPartition(reading, progress)
    if (!ends.aborted) {
      progress.state = "done"
      progress.next = progress.to
    } else progress.state = "waiting"
  } catch (error) {
    if (ends.aborted) {
      progress.state = "waiting"
      return
    }
    // What is wrong with the question is wrong everywhere.
    if (error instanceof DomainError && error.code === "bad_input") throw error
    progress.state = "failed"
    progress.problem = `Partition ${progress.partition} of ${search.destination}: ${messageOf(error)}`
  }
}

async function scanPartition({ search, matcher, full, enough, ends }: Reading, progress: PartitionProgress) {
  const { messages } = search.broker
  if (!messages) throw new DomainError("unsupported", "Signalbox cannot read messages of this system.")
  const { partition } = progress
  const range = { destination: search.destination, partition }
  const at = { from: BigInt(progress.next ?? 0), to: BigInt(progress.to ?? 0) }
  const turns = new Turns()
  for await (const batch of messages.scan({ ...range, ...at, unreadable: "named" }, ends)) {
    if (batch.problem !== null)
      progress.problem ??= `Partition ${partition} of ${search.destination}: ${batch.problem}`
    let matched = 0
    for (const message of batch.messages) {
      if (turns.isOver()) await turns.pass()
      const verdict = matcher(message)
      if (verdict === false) continue
      if (verdict === true || (await verdict)) {
        matched += 1
        search.found.push({ partition, offset: message.offset, timestamp: message.timestamp })
      }
    }
    progress.scanned += batch.messages.length
    progress.bytes += batch.bytes
    progress.matched += matched
    progress.next = String(batch.next < at.to ? batch.next : at.to)
    if (full()) return enough.abort()
  }
}

/** Gives way to other work after a while. */
class Turns {
  #began = performance.now()
  #judged = 0

  isOver(): boolean {
    this.#judged += 1
    return this.#judged % LOOK === 0 && performance.now() - this.#began > TURN
  }

  async pass(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#began = performance.now()
  }
}
