import { randomUUID } from "node:crypto"
import type { Store } from "../store/index.ts"

const WINDOW_MS = 60_000
const MOST = 10

/**
 * Counts one try to sign in as `email`; false when there were 10 within a minute. The limit by address alone is no
 * limit: whoever reaches Signalbox without a proxy names any address in x-forwarded-for.
 */
export async function countAttempt(store: Store, email: string): Promise<boolean> {
  const now = Date.now()
  const { rowCount } = await store.pool.query(
    `insert into rate_limit as known (id, key, count, last_request) values ($1, $2, 1, $3)
     on conflict (key) do update set last_request = excluded.last_request,
       count = case when known.last_request <= $4 then 1 else known.count + 1 end
     where known.last_request <= $4 or known.count < $5`,
    [randomUUID(), `e-mail|${email.trim().toLowerCase()}`, now, now - WINDOW_MS, MOST],
  )
  return rowCount === 1
}
