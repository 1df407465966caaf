import { setTimeout as sleep } from "node:timers/promises"
import { DomainError, type ErrorCode } from "#server/errors.ts"
import { errorName, toDomainError } from "./errors.ts"

/** A broker's answer that says no, by Kafka's own error code. */
export class Refused extends Error {
  readonly code: string

  constructor(code: number) {
    super(errorName(code))
    this.code = errorName(code)
  }
}

/** Throws Refused unless the code is 0. */
export function accepted(code: number): void {
  if (code !== 0) throw new Refused(code)
}

/** Codes after which the same request may be sent again (KIP-98 and the protocol's table of errors). */
const PASSING = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_OR_FOLLOWER",
  "REQUEST_TIMED_OUT",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "CONCURRENT_TRANSACTIONS",
  "UNSTABLE_OFFSET_COMMIT",
  "NETWORK_EXCEPTION",
])

const MAX_TRIES = 10
const LONGEST_PAUSE_MS = 2000

/** Does it again while what stands in the way passes: a leader that moves, a connection that breaks. */
export async function retrying<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries === MAX_TRIES || signal.aborted || !passes(error)) throw error
      await sleep(Math.min(LONGEST_PAUSE_MS, 25 * 2 ** tries), undefined, { signal })
    }
  }
}

/** Whether the same request may succeed later. What is no answer of a broker is a broken connection. */
export function passes(error: unknown): boolean {
  if (error instanceof Refused) return PASSING.has(error.code)
  return !(error instanceof DomainError)
}

const KINDS: Record<string, ErrorCode> = {
  PRODUCER_FENCED: "conflict",
  INVALID_PRODUCER_EPOCH: "conflict",
  MESSAGE_TOO_LARGE: "bad_input",
  RECORD_LIST_TOO_LARGE: "bad_input",
  INVALID_RECORD: "bad_input",
  INVALID_TIMESTAMP: "bad_input",
  NON_EMPTY_GROUP: "conflict",
  UNKNOWN_TOPIC_OR_PARTITION: "not_found",
}

const SENTENCES: Record<string, string> = {
  PRODUCER_FENCED: "another has taken it over",
  INVALID_PRODUCER_EPOCH: "another has taken it over",
  MESSAGE_TOO_LARGE: "a message is larger than the topic's max.message.bytes",
  RECORD_LIST_TOO_LARGE: "the messages are larger than the topic's segment.bytes",
  INVALID_RECORD: "the broker does not accept the message (a compacted topic needs a key)",
  INVALID_TIMESTAMP: "the timestamp lies outside what the topic accepts",
  NON_EMPTY_GROUP: "the group has members",
  TOPIC_AUTHORIZATION_FAILED: "Signalbox's user needs WRITE on this topic",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: "Signalbox's user needs WRITE on the transactional id",
  GROUP_AUTHORIZATION_FAILED: "Signalbox's user needs READ and DELETE on the group",
  NOT_ENOUGH_REPLICAS: "fewer replicas are in sync than min.insync.replicas asks for",
  UNKNOWN_TOPIC_OR_PARTITION: "it does not exist",
}

/** A refused or failed act, as the rest of the program knows it. */
export function toActError(error: unknown, what: string): DomainError {
  if (!(error instanceof Refused)) return toDomainError(error, what)
  const kind =
    KINDS[error.code] ??
    (error.code.endsWith("AUTHORIZATION_FAILED") || !PASSING.has(error.code)
      ? "refused_by_broker"
      : "unreachable")
  return new DomainError(kind, `${what}: ${SENTENCES[error.code] ?? error.code}.`, { cause: error })
}
