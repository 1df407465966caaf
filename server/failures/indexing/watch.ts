import type { Broker, DeadLetterDialect, Message, Messages } from "#server/brokers/broker.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import { isDataRefused, type Store } from "#server/store/index.ts"
import type { FailureRule } from "../rules.ts"
import { type Letter, toLetter, unreadableLetter } from "./letter.ts"
import { findDeadDestinations, findWaiting, forgetDeleted, readRules, type Waiting } from "./sources.ts"
import { writePart } from "./write.ts"

export interface WatchParts {
  store: Store
  broker: Broker
  cluster: { id: number; slug: string }
  log: Logger
}

const LOOK_EVERY_MS = 1500
const FORGET_EVERY_MS = 60_000
const DEADLINE_MS = 20_000
/** Partitions that are read at the same time. */
const MAX_AT_ONCE = 4
/** Dead letters that are stored in one transaction. */
const MAX_IN_PART = 500

/** Indexes the dead letters of one cluster as they arrive, until the signal aborts. */
export async function watchFailures(parts: WatchParts, signal: AbortSignal): Promise<void> {
  if (!parts.broker.deadLetters || !parts.broker.messages) return
  let forgotAt = 0
  let failing = false
  const look = async () => {
    try {
      const forget = Date.now() - forgotAt > FORGET_EVERY_MS
      await indexWaiting(parts, { forget }, signal)
      if (forget) forgotAt = Date.now()
      failing = false
    } catch (error) {
      if (signal.aborted) return
      if (!failing) parts.log.warn({ cluster: parts.cluster.slug, err: error }, "cannot index dead letters")
      failing = true
    }
  }
  await every(LOOK_EVERY_MS, look, signal)
}

/** Indexes what waits now. */
export async function indexWaiting(
  parts: WatchParts,
  options: { forget: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { store, broker, cluster } = parts
  const { deadLetters, messages } = broker
  if (!deadLetters || !messages) return
  const by = { rules: await readRules(store, cluster.id), dialects: deadLetters.dialects }
  const destinations = await findDeadDestinations(store, cluster.id, by)
  if (destinations.length === 0) return
  const scope = { destinations: destinations.map((one) => one.name), groups: [] }
  const sampled = await broker.sample(scope, AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]))
  if (options.forget) await forgetDeleted(store, destinations, sampled)
  const waiting = await findWaiting(store, destinations, sampled)
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
