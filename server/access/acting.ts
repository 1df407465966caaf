import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { entryOf } from "./audit.ts"
import type { AuditedAct } from "./audited-act.ts"

type Auditing = Pick<Context, "actor" | "from" | "audited">

export interface Acting<Answer> extends Omit<AuditedAct, "result" | "reason"> {
  /** What the answer tells of the act: how much was done, or that a part failed. */
  told?: (answer: Answer) => Partial<Pick<AuditedAct, "after" | "result" | "reason">>
}

/**
 * Does what no transaction could take back, an act on a broker, so that it is in the audit log whatever happens: its
 * begin is written first, and without that nothing is done; its result follows. Where the result cannot be written,
 * since the database or this process went away, the act stays in the log as `begun`. Rejects as the work does.
 */
export async function acting<Answer>(
  ctx: Context,
  { told, ...act }: Acting<Answer>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const begun = await beginAct(ctx.store.prisma, ctx, act)
  try {
    const answer = await work()
    await end(ctx, { ...act, result: "ok", ...told?.(answer) }, begun)
    return answer
  } catch (error) {
    const reason = isDomainError(error) ? error.message : "Something failed inside Signalbox."
    await end(ctx, { ...act, result: "failed", reason }, begun)
    throw error
  }
}

/** Writes that an act begins, for verbs that have a transaction of their own. Returns the entry's id, for `endAct`. */
export async function beginAct(
  tx: Prisma.TransactionClient,
  ctx: Auditing,
  act: Omit<AuditedAct, "result" | "reason">,
): Promise<bigint> {
  const data = entryOf(ctx, { ...act, result: "begun" })
  const { id } = await tx.auditEntry.create({ data, select: { id: true } })
  return id
}

/** Writes the result of an act that `beginAct` has written down. */
export async function endAct(
  tx: Prisma.TransactionClient,
  ctx: Auditing,
  { begun, ...act }: AuditedAct & { begun: bigint },
): Promise<void> {
  await tx.auditEntry.create({ data: { ...entryOf(ctx, act), begunId: begun } })
  ctx.audited?.push(act)
}

/** The act is over by now: whoever asked for it learns its outcome, not that of the log. */
async function end(ctx: Context, act: AuditedAct, begun: bigint): Promise<void> {
  await endAct(ctx.store.prisma, ctx, { ...act, begun }).catch((error: unknown) => {
    ctx.audited?.push(act)
    const why = messageOf(error)
    ctx.log.error({ err: error, act: { ...act, why } }, "the result of an act could not be written")
  })
}
