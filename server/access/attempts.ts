import { randomUUID } from "node:crypto"
import { RateLimiterMemory } from "rate-limiter-flexible"
import type { Store } from "#server/store/index.ts"
import { networkOf } from "./address.ts"

const WINDOW_MS = 60_000
const MAX_TRIES = 10
const MAX_REQUESTS = 600
/** Calls a minute of one address that is not signed in: the pages of setup, invitation and sign-in need a few. */
const MAX_OPEN_CALLS = 60

/**
 * Whose budget a try to sign in counts against. Somebody who does not know the password uses up the budget of the
 * e-mail address, whatever address it comes from; a device that has signed in before has one of its own, so that nobody
 * can keep the owner out.
 */
export type Budget = `e-mail|${string}` | `device|${string}` | `password|${string}`

export function emailBudget(email: string): Budget {
  return `e-mail|${email.trim().toLowerCase().slice(0, 320)}`
}

/** Counts one try; false when there were 10 within a minute that failed. */
export function countAttempt(store: Store, budget: Budget): Promise<boolean> {
  return count(store, { key: budget, most: MAX_TRIES, by: 1 })
}

/** Takes back one try that succeeded: only failures count. */
export async function forgiveAttempt(store: Store, budget: Budget): Promise<void> {
  await store.pool.query("update rate_limit set count = greatest(count - 1, 0) where key = $1", [budget])
}

/** Counts the calls of one request with an API token; false when there were 600 within a minute. */
export function countRequest(store: Store, tokenId: string, calls: number): Promise<boolean> {
  return count(store, { key: `token|${tokenId}`, most: MAX_REQUESTS, by: calls })
}

const openCalls = new RateLimiterMemory({ points: MAX_OPEN_CALLS, duration: WINDOW_MS / 1000 })

/** Counts a call of somebody who is not signed in, by network, in this process alone; false when there were too many. */
export function countOpenCall(address: string | null): Promise<boolean> {
  return openCalls.consume(networkOf(address ?? "")).then(
    () => true,
    () => false,
  )
}

interface Counted {
  key: string
  most: number
  by: number
}

async function count(store: Store, { key, most, by }: Counted): Promise<boolean> {
  const now = Date.now()
  const { rowCount } = await store.pool.query(
    `insert into rate_limit as known (id, key, count, last_request) values ($1, $2, $6, $3)
     on conflict (key) do update set last_request = excluded.last_request,
       count = case when known.last_request <= $4 then $6 else known.count + $6 end
     where known.last_request <= $4 or known.count < $5`,
    [randomUUID(), key, now, now - WINDOW_MS, most, by],
  )
  return rowCount === 1
}
