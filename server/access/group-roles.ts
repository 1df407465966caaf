import type { Role } from "#server/actor.ts"
import type { GrantsInput } from "./grants.ts"
import { higher } from "./permissions.ts"
import type { OidcConfig } from "./sign-in-config.ts"

/** The groups that a claim names: a list, or one name. */
export function groupsOf(claim: unknown): string[] {
  if (typeof claim === "string") return [claim]
  return Array.isArray(claim) ? claim.filter((group) => typeof group === "string") : []
}

/**
 * What somebody in these groups may do: on every cluster the highest that a group gives. "unmapped": the configuration
 * says nothing of groups, so roles are given in Signalbox. null: none of the groups gives a role, nor is there a default.
 */
export function grantsOf(config: OidcConfig, groups: readonly string[]): GrantsInput | "unmapped" | null {
  if (config.roles.length === 0 && config.defaultRole === undefined) return "unmapped"
  const mine = config.roles.filter(({ group }) => groups.includes(group))
  if (mine.length === 0) return config.defaultRole ? { role: config.defaultRole, clusters: {} } : null
  const everywhere = mine.filter(({ cluster }) => cluster === undefined)
  const clusters = new Map<string, Role>()
  for (const { cluster, role } of mine) {
    if (cluster !== undefined) clusters.set(cluster, higher(clusters.get(cluster) ?? null, role) ?? role)
  }
  return {
    role: everywhere.map(({ role }) => role).reduce<Role | null>(higher, null),
    clusters: Object.fromEntries(clusters),
  }
}
