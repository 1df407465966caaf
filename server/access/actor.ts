import type { Actor, Grants, Role } from "../context.ts"
import type { Logger } from "../log.ts"
import type { Store } from "../store/index.ts"
import type { Auth } from "./auth.ts"
import { toRole } from "./permissions.ts"

interface Own {
  auth: Auth
  store: Store
  log: Logger
}

const NOBODY: Actor = { kind: "nobody" }

/** Who sends a request: by the session's cookie. A person who was disabled is nobody. */
export async function actorOf(own: Own, headers: Headers): Promise<Actor> {
  const session = await readSession(own, headers)
  if (!session) return NOBODY
  const { id, email } = session.user
  const grants = await readGrants(own.store, id)
  return grants ? { kind: "user", id, email, session: session.session.id, ...grants } : NOBODY
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
