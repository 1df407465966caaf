import type { Actor, Grants, Role } from "../context.ts"
import { DomainError } from "../errors.ts"
import type { Logger } from "../log.ts"
import type { Store } from "../store/index.ts"
import { countRequest } from "./attempts.ts"
import type { Auth } from "./auth.ts"
import { capped, toRole } from "./permissions.ts"
import { TOKEN_PREFIX, tokenHash } from "./tokens.ts"

interface Own {
  auth: Auth
  store: Store
  log: Logger
}

const NOBODY: Actor = { kind: "nobody" }

/**
 * Who sends a request: by an API token (`Authorization: Bearer sbx_…`), else by the session's cookie. A person who was
 * disabled is nobody. Rejects with `not_signed_in` for a token that is not valid, with `too_many_requests` for one that
 * asks too often.
 */
export async function actorOf(own: Own, headers: Headers): Promise<Actor> {
  const token = bearerOf(headers)
  if (token !== null) return tokenActor(own.store, token)
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

interface FoundToken {
  id: string
  name: string
  email: string
  user_id: string
  role: string | null
  clusters: Record<string, Role>
}

/** A token may what it was given, and no more than its owner may now. */
async function tokenActor(store: Store, token: string): Promise<Actor> {
  const { rows } = await store.pool.query<FoundToken>(
    `select t.id, t.name, u.email, t.user_id, t.role, (select coalesce(jsonb_object_agg(c.slug, g.role), '{}')
       from token_grant g join cluster c on c.id = g.cluster_id where g.token_id = t.id) as clusters
     from api_token t join "user" u on u.id = t.user_id
     where t.hash = $1 and t.revoked_at is null and t.expires_at > now()`,
    [tokenHash(token)],
  )
  const found = rows[0]
  const most = found ? await readGrants(store, found.user_id) : null
  if (!found || !most)
    throw new DomainError(
      "not_signed_in",
      "This API token is not valid: it has expired, was revoked, or never was one.",
    )
  if (!(await countRequest(store, found.id)))
    throw new DomainError(
      "too_many_requests",
      "This API token asks more than 600 times a minute. Wait a little.",
    )
  await store.pool.query(
    `update api_token set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    [found.id],
  )
  const grants = capped({ role: toRole(found.role), clusters: found.clusters }, most)
  return { kind: "token", id: found.id, name: `${found.name} (${found.email})`, ...grants }
}

async function readSession({ auth, store }: Own, headers: Headers) {
  return auth.api.getSession({ headers }).catch(async (error: unknown) => {
    // The library tells its cause to the log only, so whether the database is away must be asked.
    await store.pool.query("select 1")
    throw error
  })
}

/** What a person may do now; null: nothing, being disabled or gone. */
export async function readGrants(store: Store, userId: string): Promise<Grants | null> {
  const { rows } = await store.pool.query<{ role: string | null; clusters: Record<string, Role> }>(
    `select u.role, coalesce(jsonb_object_agg(c.slug, g.role) filter (where c.id is not null), '{}') as clusters
     from "user" u left join user_grant g on g.user_id = u.id left join cluster c on c.id = g.cluster_id
     where u.id = $1 and u.disabled_at is null group by u.id`,
    [userId],
  )
  const row = rows[0]
  return row ? { role: toRole(row.role), clusters: row.clusters } : null
}
