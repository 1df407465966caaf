import type { Actor, Context } from "../context.ts"
import type { Prisma } from "../store/prisma/client.ts"

export interface AuditedAct {
  action: string
  target: string
  before?: Prisma.InputJsonValue
  after?: Prisma.InputJsonValue
  result: "ok" | "refused" | "failed"
}

/** Adds an act to the audit log, in the same transaction where the caller has one. Secrets never go in here. */
export async function audit(tx: Prisma.TransactionClient, ctx: Context, act: AuditedAct): Promise<void> {
  await tx.auditEntry.create({ data: { actor: nameOf(ctx.actor), ...act } })
}

function nameOf(actor: Actor): string {
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
