import type { DeadLetterDialect, Message, NewMessage, Position } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { dialectsFor, type FailureRule, readFacts } from "../rules.ts"
import { REPLAY_HEADER, replayHeader } from "./header.ts"
import { applyMend } from "./mend.ts"
import type { ReplayOrder } from "./model.ts"

export interface Outgoing {
  job: string
  order: ReplayOrder
  rules: readonly FailureRule[]
  dialects: readonly DeadLetterDialect[]
}

/**
 * A dead letter as it is sent again: without the headers of its dialect, with the key that it had, edited, and marked with the replay. It goes to
 * the partition it came from; to another destination by its key. Rejects with `bad_input` when its origin is unknown.
 */
export function toOutgoing(letter: Position, message: Message, by: Outgoing): NewMessage {
  const { facts } = readFacts(letter.destination, message, by)
  const destination = by.order.target ?? facts.original?.destination
  if (destination === undefined)
    throw new DomainError("bad_input", "It does not say where it came from: choose a target.")
  const own = {
    ...message,
    headers: withoutOwn(letter.destination, message, by),
    ...(facts.originalKey === undefined ? {} : { key: facts.originalKey }),
  }
  const body = applyMend(own, by.order.mend)
  return {
    ...body,
    destination,
    partition: by.order.target === null ? (facts.original?.partition ?? null) : null,
    headers: [...body.headers, replayHeader(by.job, letter)],
    timestamp: null,
  }
}

function withoutOwn(destination: string, message: Message, by: Outgoing): Message["headers"] {
  const known = dialectsFor(destination, by).filter((dialect) => dialect.read(destination, message) !== null)
  return message.headers.filter(
    ({ key }) => key !== REPLAY_HEADER && !known.some((dialect) => dialect.isOwnHeader(key)),
  )
}
