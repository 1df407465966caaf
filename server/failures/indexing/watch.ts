import type { Broker, DeadLetterDialect, Message, Messages } from "#server/brokers/broker.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import { isDataRefused, lastLogs, type Store } from "#server/store/index.ts"
import type { FailureRule } from "../rules.ts"
import { type Letter, toLetter, unreadableLetter } from "./letter.ts"
import {
  DeadDestinations,
  findGrown,
  findWaiting,
  forgetDeleted,
  lastSweep,
  readRules,
  type Waiting,
} from "./sources.ts"
import { writePart } from "./write.ts"

export interface WatchParts {
  store: Store
  broker: Broker
  cluster: { id: number; slug: string }
  log: Logger
}

/** How often is asked whether a sweep was stored: one row. */
const LOOK_EVERY_MS = 1500
/** Without a new sweep it is looked again after this long. */
const LOOK_AGAIN_MS = 5000
const FORGET_EVERY_MS = 60_000
const DEADLINE_MS = 20_000
/** Partitions that are read at the same time. */
const MAX_AT_ONCE = 4
/** Dead letters that are stored in one transaction. */
const MAX_IN_PART = 500

/** Indexes the dead letters of one cluster as sweeps see them arrive, until the signal aborts. */
export async function watchFailures(parts: WatchParts, signal: AbortSignal): Promise<void> {
  if (!parts.broker.deadLetters || !parts.broker.messages) return
  const known = new DeadDestinations()
  let [forgotAt, lookedAt] = [0, 0]
  let sweep: number | null = null
  let failing = false
  const look = async () => {
    try {
      const now = Date.now()
      const newest = await lastSweep(parts.store, parts.cluster.id)
      // What could not be read the last time, and rules that were changed, wait for no sweep.
      if (newest === sweep && now - lookedAt < LOOK_AGAIN_MS) return
      const forget = now - forgotAt > FORGET_EVERY_MS
      await indexWaiting(parts, { forget, known }, signal)
      if (forget) forgotAt = now
      ;[sweep, lookedAt] = [newest, now]
      failing = false
    } catch (error) {
      if (signal.aborted) return
      if (!failing) parts.log.warn({ cluster: parts.cluster.slug, err: error }, "cannot index dead letters")
      failing = true
    }
  }
  await every(LOOK_EVERY_MS, look, signal)
}

/**
 * Indexes what waits now. Which destinations have grown, the collector's last sweep has stored; only these are asked for
 * their bounds, since they may have been deleted and created again meanwhile.
 */
export async function indexWaiting(
  parts: WatchParts,
  options: { forget: boolean; known: DeadDestinations },
  signal: AbortSignal,
): Promise<void> {
  const { store, broker, cluster } = parts
  const { deadLetters, logs, messages } = broker
  if (!deadLetters || !logs || !messages) return
  const by = { rules: await readRules(store, cluster.id), dialects: deadLetters.dialects }
  const destinations = await options.known.find(store, cluster.id, by)
  if (destinations.length === 0) return
  const destinationIds = destinations.map((one) => one.id)
  const last = await lastLogs(store, { clusterId: cluster.id, destinationIds, now: Date.now() })
  if (options.forget) await forgetDeleted(store, last)
  const grown = await findGrown(store, destinations, last)
  if (grown.length === 0) return
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
  const bounds = await logs.bounds(
    grown.map((one) => one.name),
    deadline,
  )
  const waiting = await findWaiting(store, grown, bounds.found)
  const queue = waiting.values()
  const work = async () => {
    for (const one of queue) await indexPartition({ ...parts, messages, by }, one, signal)
  }
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, work))
}

type Reading = WatchParts & {
  messages: Messages
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] }
}

/** One partition's trouble is noted where its page tells it, and keeps nobody else waiting. */
async function indexPartition(parts: Reading, waiting: Waiting, signal: AbortSignal): Promise<void> {
  const { destination, partition, to } = waiting
  let from = waiting.from
  let unread: string | null = null
  try {
    // What was not committed was never put aside: whoever aborts it tries the message again.
    const range = {
      destination: destination.name,
      partition,
      from,
      to,
      isolation: "committed" as const,
      unreadable: "named" as const,
    }
    for await (const batch of parts.messages.scan(range, signal)) {
      unread ??= batch.problem
      // A batch may reach further than was asked for; what lies beyond is read the next time.
      for (const piece of cut(batch.messages, notPast(to, batch.next))) {
        await store(parts, { ...waiting, from, to: piece.next }, piece.messages)
        from = piece.next
      }
    }
    if (unread !== null) await note(parts, waiting, unread)
  } catch (error) {
    if (signal.aborted || (isDomainError(error) && error.code === "conflict")) return
    parts.log.warn(
      { cluster: parts.cluster.slug, destination: destination.name, partition, err: error },
      "dead letters",
    )
    await note(parts, waiting, messageOf(error))
  }
}

async function note({ store }: Reading, { destination, partition }: Waiting, problem: string): Promise<void> {
  await store.prisma.failureSource.updateMany({
    where: { destinationId: destination.id, partition },
    data: { problem: problem.slice(0, 500) },
  })
}

async function store(parts: Reading, part: Waiting, messages: readonly Message[]): Promise<void> {
  const letters = messages.filter((message) => message.control === null && message.offset >= part.from)
  try {
    await write(
      parts,
      part,
      letters.map((message) => letterOf(parts, part, message)),
    )
  } catch (error) {
    if (!isDataRefused(error) || letters.length === 0) throw error
    await storeEach(parts, part, { letters, error })
  }
}

/** Where the store refuses some letters together, each is stored on its own; one that is refused counts as unreadable. */
async function storeEach(
  parts: Reading,
  part: Waiting,
  refused: { letters: readonly Message[]; error: unknown },
): Promise<void> {
  const { letters, error } = refused
  let from = part.from
  for (const [at, message] of letters.entries()) {
    const own = { ...part, from, to: letters[at + 1]?.offset ?? part.to }
    if (letters.length > 1) await store(parts, own, [message])
    else await write(parts, own, [unreadable(part, message, error)])
    from = own.to
  }
}

function letterOf(parts: Reading, part: Waiting, message: Message): Letter {
  try {
    return toLetter(part.destination.name, message, { ...parts.by, now: Date.now() })
  } catch (error) {
    parts.log.warn(
      { cluster: parts.cluster.slug, destination: part.destination.name, err: error },
      "dead letter",
    )
    return unreadable(part, message, error)
  }
}

function unreadable(part: Waiting, message: Message, error: unknown): Letter {
  return unreadableLetter(part.destination.name, message, { reason: messageOf(error), now: Date.now() })
}

async function write(parts: Reading, part: Waiting, letters: readonly Letter[]): Promise<void> {
  const { destination, partition, from, to } = part
  const where = { clusterId: parts.cluster.id, destinationId: destination.id, partition }
  await writePart(parts.store, { ...where, from, next: to, letters, now: Date.now() })
}

function* cut(messages: Message[], next: bigint): Generator<{ messages: Message[]; next: bigint }> {
  for (let at = 0; at === 0 || at < messages.length; at += MAX_IN_PART) {
    const piece = messages.slice(at, at + MAX_IN_PART)
    const following = messages[at + MAX_IN_PART]
    yield { messages: piece, next: following ? following.offset : next }
  }
}

function notPast(limit: bigint, offset: bigint): bigint {
  if (offset > limit) return limit
  return offset
}
