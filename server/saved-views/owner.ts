import type { Actor } from "#server/actor.ts"

/** Views belong to people: null for a token. */
export function ownerOf(actor: Actor): string | null {
  return actor.kind === "user" ? actor.id : null
}
