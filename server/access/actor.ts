import type { Actor } from "#server/actor.ts"
import { DomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { countRequest } from "./attempts.ts"
import type { Auth } from "./auth.ts"
import { readGrants, readToken } from "./present.ts"
import { tokenHash } from "./secret-token.ts"
import { TOKEN_PREFIX } from "./tokens.ts"

interface Own {
  auth: Auth
  store: Store
  log: Logger
}

const NOBODY: Actor = { kind: "nobody" }

/**
 * Who sends a request: by an API token (`Authorization: Bearer sbx_…`), else by the session's cookie. A person who was
 * disabled is nobody. `calls`: how many procedures the request asks for. Rejects with `not_signed_in` for a token that is not valid, with `too_many_requests` for one that
 * asks too often.
 */
export async function actorOf(own: Own, headers: Headers, calls = 1): Promise<Actor> {
  const token = bearerOf(headers)
  if (token !== null) return tokenActor(own.store, token, calls)
  const session = await readSession(own, headers)
  if (!session) return NOBODY
  const { id, email } = session.user
  const grants = await readGrants(own.store, id)
  return grants ? { kind: "user", id, email, session: session.session.id, ...grants } : NOBODY
}

function bearerOf(headers: Headers): string | null {
  const given = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "")?.[1]
  return given?.startsWith(TOKEN_PREFIX) ? given : null
}

async function tokenActor(store: Store, token: string, calls: number): Promise<Actor> {
  const actor = await readToken(store, "hash", tokenHash(token))
  if (!actor)
    throw new DomainError(
      "not_signed_in",
      "Invalid API token: it has expired, was revoked, or never existed.",
    )
  if (!(await countRequest(store, actor.id, calls)))
    throw new DomainError(
      "too_many_requests",
      "This API token has made more than 600 calls in a minute. Wait a minute, then try again.",
    )
  await store.pool.query(
    `update api_token set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [actor.id],
  )
  return actor
}

async function readSession({ auth, store }: Own, headers: Headers) {
  return auth.api.getSession({ headers }).catch(async (error: unknown) => {
    // The library tells its cause to the log only, so whether the database is away must be asked.
    await store.pool.query("select 1")
    throw error
  })
}
