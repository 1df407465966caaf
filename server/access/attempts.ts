import { randomUUID } from "node:crypto"
import type { Store } from "#server/store/index.ts"

const WINDOW_MS = 60_000
const MAX_TRIES = 10
const MAX_REQUESTS = 600

/**
 * Counts one try to sign in as `email`; false when there were 10 within a minute. The limit by address alone is no
 * limit: many addresses may try one person.
 */
export function countAttempt(store: Store, email: string): Promise<boolean> {
  return count(store, `e-mail|${email.trim().toLowerCase()}`, MAX_TRIES)
}

/** Counts one request with an API token; false when there were 600 within a minute. */
export function countRequest(store: Store, tokenId: string): Promise<boolean> {
  return count(store, `token|${tokenId}`, MAX_REQUESTS)
}

async function count(store: Store, key: string, most: number): Promise<boolean> {
  const now = Date.now()
  const { rowCount } = await store.pool.query(
    `insert into rate_limit as known (id, key, count, last_request) values ($1, $2, 1, $3)
     on conflict (key) do update set last_request = excluded.last_request,
       count = case when known.last_request <= $4 then 1 else known.count + 1 end
     where known.last_request <= $4 or known.count < $5`,
    [randomUUID(), key, now, now - WINDOW_MS, most],
  )
  return rowCount === 1
}
