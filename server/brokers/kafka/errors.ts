import { protocolErrorsCodesById, ResponseError } from "@platformatic/kafka"
import { DomainError, messageOf } from "#server/errors.ts"
import type { Problem, ProblemPart } from "../broker.ts"

/** Codes newer than the client's table (KIP-848, KIP-932 and later). */
const NEWER: Record<number, string> = {
  113: "UNKNOWN_SUBSCRIPTION_ID",
  117: "UNSUPPORTED_ASSIGNOR",
  118: "STALE_MEMBER_EPOCH",
  121: "INVALID_RECORD_STATE",
  122: "SHARE_SESSION_NOT_FOUND",
  128: "INVALID_REGULAR_EXPRESSION",
  129: "REBOOTSTRAP_REQUIRED",
}

const ADVICE: Record<string, string> = {
  LEADER_NOT_AVAILABLE: "the partition has no leader",
  NOT_LEADER_OR_FOLLOWER: "its leader has just moved",
  UNKNOWN_TOPIC_OR_PARTITION: "it does not exist",
  UNKNOWN_TOPIC_ID: "it does not exist",
  COORDINATOR_NOT_AVAILABLE: "its coordinator is not available",
  COORDINATOR_LOAD_IN_PROGRESS: "its coordinator is still loading",
  NOT_COORDINATOR: "its coordinator has just moved",
  GROUP_AUTHORIZATION_FAILED: "Signalbox's user needs DESCRIBE on this group",
  TOPIC_AUTHORIZATION_FAILED: "Signalbox's user needs DESCRIBE on this topic",
  CLUSTER_AUTHORIZATION_FAILED: "Signalbox's user needs DESCRIBE on the cluster",
  GROUP_ID_NOT_FOUND: "there is no such group",
  REQUEST_TIMED_OUT: "the broker took too long",
  OFFSET_OUT_OF_RANGE: "the offset lies outside the log",
}

/** The broker's own name of an error code. */
export function errorName(code: number): string {
  return protocolErrorsCodesById[code] ?? NEWER[code] ?? `ERROR_${code}`
}

export function problem(part: ProblemPart, code: number, what: string): Problem {
  const name = errorName(code)
  const reason = ADVICE[name] ?? name
  return { part, code: name, message: `${what} could not be read: ${reason}.`, reason }
}

/** The same of what could not be written. */
export function refusal(part: ProblemPart, code: number, what: string): Problem {
  const name = errorName(code)
  return { part, code: name, message: `${what} could not be written: ${ADVICE[name] ?? name}.` }
}

/** What an exception says of a part: a refused connection, a timeout, a broken answer. */
export function problemOf(part: ProblemPart, error: unknown, what: string): Problem {
  const root = rootOf(error)
  const code = codeOf(root)
  const reason = reasonOf(root, code)
  return { part, code, message: `${what} could not be read: ${reason}.`, reason }
}

/** A failure of everything, as the rest of the program knows it. */
export function toDomainError(error: unknown, what: string): DomainError {
  const root = rootOf(error)
  if (root instanceof DomainError) return root
  const code = codeOf(root)
  const kind = code === "timeout" ? "timeout" : /AUTH|SASL/i.test(code) ? "refused_by_broker" : "unreachable"
  return new DomainError(kind, `${what}: ${reasonOf(root, code)}.`, { cause: error })
}

/** Errors that carry a decoded answer beside the parts that failed. */
export function answerOf<Answer>(error: unknown): Answer | undefined {
  return error instanceof ResponseError
    ? ((error as ResponseError & { response?: Answer }).response ?? undefined)
    : undefined
}

/** All that an error and what is behind it say. */
export function messagesOf(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(messagesOf)].join(" ")
  if (error instanceof Error && error.cause !== undefined)
    return `${error.message} ${messagesOf(error.cause)}`
  return messageOf(error)
}

/** Where it began; our own errors say it themselves, whatever is behind them. */
function rootOf(error: unknown): unknown {
  if (error instanceof DomainError) return error
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
  if (error instanceof Error && error.cause !== undefined) return rootOf(error.cause)
  return error
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") return "timeout"
  if (error instanceof Error && error.name === "TimeoutError") return "timeout"
  if (typeof error !== "object" || error === null) return "unknown"
  const found = error as { apiId?: unknown; apiCode?: unknown; code?: unknown; message?: unknown }
  if (typeof found.apiId === "string") return found.apiId
  if (typeof found.apiCode === "number") return errorName(found.apiCode)
  if (/timed out/i.test(String(found.message))) return "timeout"
  return typeof found.code === "string" ? found.code : "unknown"
}

function reasonOf(error: unknown, code: string): string {
  if (code === "timeout") return "it did not answer in time"
  if (code === "ECONNREFUSED") return `nothing listens there (${messageOf(error)})`
  if (code === "ECONNRESET") return "the connection was cut"
  return (ADVICE[code] ?? messageOf(error)).replace(/\.$/, "")
}
