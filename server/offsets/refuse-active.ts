import { nameOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { GroupNow } from "./group-now.ts"
import type { StoredPlan } from "./rows.ts"

/** Throws where the group has members, or where that is not known. */
export function refuseActive(group: GroupNow): void {
  if (group.members === null)
    throw new DomainError("unreachable", `Who is in ${group.name} could not be read, so nothing was written.`)
  if (group.members.length === 0) return
  const names = group.members.slice(0, 10).map((one) => `${one.clientId} on ${one.host}`)
  const more = group.members.length > 10 ? ` and ${group.members.length - 10} more` : ""
  const advice = "Stop them, or arm the plan: it is applied when the group is empty."
  throw new DomainError("conflict", `${group.name} is active: ${names.join(", ")}${more}. ${advice}`)
}

/** Whose act an application is: of the one who armed the plan, where a collector carries it out. */
export function byWhom(ctx: Context, plan: StoredPlan): string {
  return ctx.actor.kind === "system" && plan.armedBy !== null ? plan.armedBy : nameOf(ctx.actor)
}
