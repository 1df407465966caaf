import { DomainError, type ErrorCode } from "#server/errors.ts"
import { errorName, toDomainError } from "./errors.ts"

const KINDS: Record<string, ErrorCode> = {
  TOPIC_ALREADY_EXISTS: "conflict",
  NON_EMPTY_GROUP: "conflict",
  REASSIGNMENT_IN_PROGRESS: "conflict",
  UNKNOWN_TOPIC_OR_PARTITION: "not_found",
  UNKNOWN_TOPIC_ID: "not_found",
  GROUP_ID_NOT_FOUND: "not_found",
  INVALID_TOPIC_EXCEPTION: "bad_input",
  INVALID_PARTITIONS: "bad_input",
  INVALID_REPLICATION_FACTOR: "bad_input",
  INVALID_REPLICA_ASSIGNMENT: "bad_input",
  INVALID_CONFIG: "bad_input",
  INVALID_REQUEST: "bad_input",
  POLICY_VIOLATION: "bad_input",
  REQUEST_TIMED_OUT: "timeout",
}

const SENTENCES: Record<string, string> = {
  TOPIC_ALREADY_EXISTS: "there is already one of this name",
  UNKNOWN_TOPIC_OR_PARTITION: "the topic does not exist",
  GROUP_ID_NOT_FOUND: "the group does not exist",
  NON_EMPTY_GROUP: "it has members now; stop them first",
  TOPIC_DELETION_DISABLED: "the brokers do not allow it (delete.topic.enable)",
  REQUEST_TIMED_OUT: "the brokers took too long; it may still come about",
}

/** What an act needs, to be told when the broker refuses it for want of rights. */
export interface Act {
  /** Begins the sentence of a refusal: "Topic orders was not created". */
  refused: string
  /** "CREATE on the topic" */
  right: string
}

/** A broker's "no" to an administrative act, in its own words where it has some. */
export function refuse(code: number, said: string | null | undefined, act: Act): DomainError {
  const name = errorName(code)
  const reason = /AUTHORIZATION_FAILED$/.test(name)
    ? `Signalbox's user needs ${act.right}`
    : (SENTENCES[name] ?? (said || name)).replace(/\.$/, "")
  return new DomainError(KINDS[name] ?? "refused_by_broker", `${act.refused}: ${reason}.`)
}

/** Throws unless the broker accepted; a request that came to nothing is told with the same beginning. */
export async function carryOut(
  act: Act,
  ask: () => Promise<{ errorCode: number; errorMessage?: string | null } | undefined>,
): Promise<void> {
  const answer = await ask().catch((error: unknown) => {
    throw toDomainError(error, act.refused)
  })
  if (answer?.errorCode !== 0) throw refuse(answer?.errorCode ?? -1, answer?.errorMessage, act)
}
