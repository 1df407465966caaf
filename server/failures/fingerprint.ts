import { createHash } from "node:crypto"
import type { DeadLetterFacts } from "#server/brokers/broker.ts"
import { normaliseMessage } from "#server/normalise-message.ts"
import { topFrame } from "./frame.ts"

/** What messages of one failure group have in common. */
export interface Cause {
  /** Class of the exception; null: unknown. */
  type: string | null
  /** Without what differs from message to message. */
  message: string
  /** Top frame of the user's own code; null: there is no stack. */
  frame: string | null
  /** The consumer group that gave up; null: unknown. */
  group: string | null
  /** Where the message came from; where that is unknown, the destination that it lies in. */
  destination: string
}

/** The cause of a dead letter that lies in `deadDestination`. */
export function causeOf(facts: DeadLetterFacts, deadDestination: string): Cause {
  const { type, message, stack } = facts.exception
  return {
    type,
    message: normaliseMessage(message ?? ""),
    frame: stack === null ? null : topFrame(stack),
    group: facts.group,
    destination: facts.original?.destination ?? deadDestination,
  }
}

/** Equal for dead letters of one cause: 32 hex digits. */
export function fingerprint(cause: Cause): string {
  const parts = [cause.type, cause.message, cause.frame, cause.group, cause.destination]
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32)
}
