import type { Actor, Grants, Role } from "#server/actor.ts"
import type { Store } from "#server/store/index.ts"
import { capped, PERMISSIONS, type Permission, refusalOf, type SignedIn, toRole } from "./permissions.ts"

/** Who acts, as it is stored with what they leave to be done later. */
export function identityOf(actor: Actor): string {
  return actor.kind === "user" || actor.kind === "token" ? `${actor.kind}:${actor.id}` : actor.kind
}

/**
 * Why somebody may no longer what they left to be done on a cluster, to be read after their name: "was disabled or
 * removed". Null: they may still. `identity` is what `identityOf` told; null: it was not kept.
 */
export async function lostSince(
  store: Store,
  identity: string | null,
  right: { permission: Permission; cluster: string },
): Promise<string | null> {
  if (identity === "system") return null
  const [kind, id = ""] = identity?.split(/:(.*)/s) ?? []
  if (kind !== "user" && kind !== "token") return "is not known well enough to look up what they may"
  const actor = kind === "token" ? await readToken(store, "id", id) : await readPerson(store, id)
  if (!actor)
    return kind === "token"
      ? "has expired or was revoked, or its owner was disabled"
      : "was disabled or removed"
  if (refusalOf(actor, right.permission, right.cluster) === null) return null
  return `no longer has the role ${PERMISSIONS[right.permission].role} on the cluster ${right.cluster}`
}

async function readPerson(store: Store, id: string): Promise<SignedIn | null> {
  const grants = await readGrants(store, id)
  return grants && { kind: "user", id, email: "", ...grants }
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

interface FoundToken {
  id: string
  name: string
  email: string
  user_id: string
  role: string | null
  clusters: Record<string, Role>
}

/** A token may what it was given, and no more than its owner may now. Null: it is no longer valid. */
export async function readToken(
  store: Store,
  by: "id" | "hash",
  value: string,
): Promise<Extract<Actor, { kind: "token" }> | null> {
  const { rows } = await store.pool.query<FoundToken>(
    `select t.id, t.name, u.email, t.user_id, t.role, (select coalesce(jsonb_object_agg(c.slug, g.role), '{}')
       from token_grant g join cluster c on c.id = g.cluster_id where g.token_id = t.id) as clusters
     from api_token t join "user" u on u.id = t.user_id
     where t.${by} = $1 and t.revoked_at is null and t.expires_at > now()`,
    [value],
  )
  const found = rows[0]
  const most = found ? await readGrants(store, found.user_id) : null
  if (!found || !most) return null
  const grants = capped({ role: toRole(found.role), clusters: found.clusters }, most)
  return { kind: "token", id: found.id, name: `${found.name} (${found.email})`, ...grants }
}
