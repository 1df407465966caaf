import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"

/** The person who acts; a token has no password and no sessions. Throws a DomainError. */
export function ownUser(ctx: Context): Extract<Actor, { kind: "user" }> {
  if (ctx.actor.kind === "user") return ctx.actor
  throw new DomainError("forbidden", "Only a person may do this, not a token: sign in on the page.")
}
