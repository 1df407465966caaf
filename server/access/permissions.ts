import type { Actor, Grants, Role } from "#server/actor.ts"
import { DomainError } from "#server/errors.ts"

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/**
 * Where the role must be held. `cluster`: on the cluster that the input names as `cluster`. `any`: on at least one; the
 * verb then tells only of the clusters that the actor may see. `installation`: on all clusters.
 */
export type Scope = "cluster" | "any" | "installation"

/**
 * Who may do what: the one table. Every procedure names its line. `token`: an API token may do it as well. A token that
 * leaks must not outlive its expiry, so it can make no token, session, link, person, rule or connection, and see nothing
 * unmasked.
 */
export const PERMISSIONS = {
  "cluster.list": { role: "viewer", scope: "any", token: true },
  "cluster.view": { role: "viewer", scope: "cluster", token: true },
  "cluster.connect": { role: "admin", scope: "installation", token: false },
  "cluster.edit": { role: "admin", scope: "cluster", token: false },
  "cluster.remove": { role: "admin", scope: "cluster", token: false },
  "destination.create": { role: "operator", scope: "cluster", token: true },
  "destination.configure": { role: "operator", scope: "cluster", token: true },
  "destination.empty": { role: "admin", scope: "cluster", token: true },
  "destination.delete": { role: "admin", scope: "cluster", token: true },
  "group.list": { role: "viewer", scope: "any", token: true },
  "group.delete": { role: "admin", scope: "cluster", token: true },
  "offsets.reset": { role: "operator", scope: "cluster", token: true },
  "message.read": { role: "viewer", scope: "cluster", token: true },
  "message.search": { role: "operator", scope: "cluster", token: true },
  "message.produce": { role: "operator", scope: "cluster", token: true },
  "message.unmask": { role: "admin", scope: "cluster", token: false },
  "masking.edit": { role: "admin", scope: "installation", token: false },
  "failure.list": { role: "viewer", scope: "any", token: true },
  "failure.view": { role: "viewer", scope: "cluster", token: true },
  "failure.triage": { role: "operator", scope: "cluster", token: true },
  "failure.replay": { role: "operator", scope: "cluster", token: true },
  "failure.configure": { role: "admin", scope: "cluster", token: false },
  "alert.list": { role: "viewer", scope: "any", token: true },
  "alert.acknowledge": { role: "operator", scope: "any", token: true },
  "alert.silence": { role: "operator", scope: "any", token: true },
  "alert.rule": { role: "admin", scope: "installation", token: true },
  "alert.channel": { role: "admin", scope: "installation", token: false },
  "trace.read": { role: "viewer", scope: "installation", token: true },
  "trace.configure": { role: "admin", scope: "installation", token: false },
  "access.me": { role: "viewer", scope: "any", token: true },
  "view.own": { role: "viewer", scope: "any", token: false },
  "access.own": { role: "viewer", scope: "any", token: false },
  "user.list": { role: "admin", scope: "installation", token: false },
  "user.invite": { role: "admin", scope: "installation", token: false },
  "user.edit": { role: "admin", scope: "installation", token: false },
  "user.remove": { role: "admin", scope: "installation", token: false },
  "audit.view": { role: "admin", scope: "any", token: true },
} as const satisfies Record<string, { role: Role; scope: Scope; token: boolean }>

export type Permission = keyof typeof PERMISSIONS
export type SignedIn = Extract<Actor, { kind: "user" | "token" }>

/**
 * The one place where it is decided who may do what. `cluster` is the slug that the input names, if it does. Throws a
 * DomainError that names the role that is needed.
 */
export function authorise(actor: Actor, permission: Permission, cluster?: string): SignedIn {
  if (actor.kind !== "user" && actor.kind !== "token")
    throw new DomainError("not_signed_in", "Sign in first.")
  const refusal = refusalOf(actor, permission, cluster)
  if (refusal !== null) throw new DomainError("forbidden", refusal)
  return actor
}

const ONLY_PEOPLE = "API tokens can't do this. Sign in on the page."

/** Why somebody may not, in a sentence that names the role; null: they may. */
export function refusalOf(actor: SignedIn, permission: Permission, cluster?: string): string | null {
  const { role: needed, scope, token } = PERMISSIONS[permission]
  const held = heldBy(actor, scope, cluster)
  if (held !== null && RANK[held] >= RANK[needed]) return actor.kind === "user" || token ? null : ONLY_PEOPLE
  const where = scope === "cluster" && cluster !== undefined ? ` on the cluster ${cluster}` : ""
  return `This needs the role ${needed}${where}; ${held === null ? "you have no role there" : `yours is ${held}`}.`
}

/** Whether somebody may do something on a cluster now. */
export function mayOn(actor: Actor, permission: Permission, cluster: string): boolean {
  return (actor.kind === "user" || actor.kind === "token") && refusalOf(actor, permission, cluster) === null
}

/** The role that somebody holds on a cluster; null: none, the cluster is not theirs to see. */
export function roleOn(actor: Actor, cluster: string): Role | null {
  if (actor.kind === "system") return "admin"
  if (actor.kind === "nobody") return null
  return grantedOn(actor, cluster)
}

/** The slugs of the clusters that somebody may see; "all" for a role on every cluster. */
export function visibleClusters(actor: Actor): "all" | readonly string[] {
  if (actor.kind === "system") return "all"
  return actor.kind === "nobody" ? [] : clustersWith(actor, "viewer")
}

/** The slugs of the clusters where this role or a higher one is held; "all" for one on every cluster. */
export function clustersWith(grants: Grants, role: Role): "all" | readonly string[] {
  const enough = (held: Role | null | undefined) => !!held && RANK[held] >= RANK[role]
  if (enough(grants.role)) return "all"
  return Object.keys(grants.clusters).filter((slug) => enough(grants.clusters[slug]))
}

/** What `wanted` leaves when nobody may go beyond `most`: on every cluster the lower of the two roles. */
export function capped(wanted: Grants, most: Grants): Grants {
  const slugs = new Set([...Object.keys(wanted.clusters), ...Object.keys(most.clusters)])
  const clusters = [...slugs].flatMap((slug): [string, Role][] => {
    const held = lower(grantedOn(wanted, slug), grantedOn(most, slug))
    return held === null ? [] : [[slug, held]]
  })
  return { role: lower(wanted.role, most.role), clusters: Object.fromEntries(clusters) }
}

/** A role as it is stored; null for none. */
export function toRole(value: unknown): Role | null {
  return value === "admin" || value === "operator" || value === "viewer" ? value : null
}

function heldBy(actor: SignedIn, scope: Scope, cluster: string | undefined): Role | null {
  if (scope === "installation") return actor.role
  return scope === "cluster" && cluster !== undefined ? roleOn(actor, cluster) : highest(actor)
}

function grantedOn({ role, clusters }: Grants, slug: string): Role | null {
  return higher(role, (Object.hasOwn(clusters, slug) ? clusters[slug] : null) ?? null)
}

function lower(one: Role | null, other: Role | null): Role | null {
  if (one === null || other === null) return null
  return RANK[one] <= RANK[other] ? one : other
}

function highest(actor: SignedIn): Role | null {
  return Object.values(actor.clusters).reduce<Role | null>(higher, actor.role)
}

/** The higher of two roles. */
export function higher(one: Role | null, other: Role | null): Role | null {
  if (one === null || other === null) return one ?? other
  return RANK[one] >= RANK[other] ? one : other
}
