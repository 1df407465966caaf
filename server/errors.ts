/**
 * The one error family of Signalbox. A code that callers act on, a message that tells the reader what to do,
 * and a cause that goes to the log and never to a browser.
 */
export const ERROR_CODES = [
  "bad_input",
  "not_signed_in",
  "forbidden",
  "not_found",
  "conflict",
  "too_many_requests",
  "unsupported",
  "unreachable",
  "refused_by_broker",
  "timeout",
  "store_unavailable",
  "internal",
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export class DomainError extends Error {
  override readonly name = "DomainError"
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** True for our own errors, also across two copies of this module (Next bundles it apart from the roles). */
export function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === "DomainError" && "code" in error
}

/** A message a person can read, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error)
}

/** What whoever names a cluster that is not there gets. */
export function clusterNotFound(slug: string): DomainError {
  return new DomainError("not_found", `Cluster "${slug}" not found.`)
}
