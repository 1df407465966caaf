import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import type { AuditedAct } from "./audited-act.ts"

/** Adds an act to the audit log, in the same transaction where the caller has one. Secrets never go in here. */
export async function audit(
  tx: Prisma.TransactionClient,
  ctx: Pick<Context, "actor" | "from" | "audited">,
  act: AuditedAct,
): Promise<void> {
  await tx.auditEntry.create({ data: entryOf(ctx, act) })
  ctx.audited?.push(act)
}

/** The row of an act, with who does it and from where. `begun`: its result is yet to come. */
export function entryOf(
  ctx: Pick<Context, "actor" | "from">,
  act: Omit<AuditedAct, "result"> & { result: AuditedAct["result"] | "begun" },
) {
  return { actor: nameOf(ctx.actor), from: ctx.from ?? null, ...act }
}

/** Who acts, as the audit log names them. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case "user":
      return actor.email
    case "token":
      return `token ${actor.name}`
    case "system":
      return "system"
    case "nobody":
      return "nobody"
  }
}
