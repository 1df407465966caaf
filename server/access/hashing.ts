import { hashPassword as hash, verifyPassword as verify } from "better-auth/crypto"
import pLimit from "p-limit"
import { DomainError } from "#server/errors.ts"

/** scrypt fills a thread of libuv's pool of four for a tenth of a second; the rest is for files, names and zlib. */
const AT_ONCE = 2
/** More than this many wait for over a second: better to be refused than to wait behind an attack. */
const MAX_WAITING = 20

const limit = pLimit(AT_ONCE)

/** Hashes a password (scrypt). Rejects with `too_many_requests` when too many wait already. */
export function hashPassword(password: string): Promise<string> {
  return queued(() => hash(password))
}

/** Whether a password is the one that was hashed. Rejects as hashPassword does. */
export function verifyPassword(given: { hash: string; password: string }): Promise<boolean> {
  return queued(() => verify(given))
}

function queued<Result>(work: () => Promise<Result>): Promise<Result> {
  if (limit.pendingCount >= MAX_WAITING)
    throw new DomainError(
      "too_many_requests",
      "Too many people are signing in at the moment. Try again in a few seconds.",
    )
  return limit(work)
}
