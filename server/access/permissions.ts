import type { Actor, Role } from "../context.ts"
import { DomainError } from "../errors.ts"

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

export type SignedIn = Extract<Actor, { kind: "user" }>

/** The one place where it is decided who may do what. Throws a DomainError that names the role that is needed. */
export function requireRole(actor: Actor, needed: Role): SignedIn {
  if (actor.kind !== "user") throw new DomainError("not_signed_in", "Sign in first.")
  if (RANK[actor.role] < RANK[needed]) {
    throw new DomainError("forbidden", `This needs the role ${needed}; yours is ${actor.role}.`)
  }
  return actor
}

export function toRole(value: unknown): Role {
  return value === "admin" || value === "operator" ? value : "viewer"
}
