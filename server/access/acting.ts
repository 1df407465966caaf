import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { entryOf } from "./audit.ts"
import type { AuditedAct } from "./audited-act.ts"

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
  const { id } = await write(ctx, { ...act, result: "begun" }, null)
  try {
    const answer = await work()
    await end(ctx, { ...act, result: "ok", ...told?.(answer) }, id)
    return answer
  } catch (error) {
    const reason = isDomainError(error) ? error.message : "Something failed inside Signalbox."
    await end(ctx, { ...act, result: "failed", reason }, id)
    throw error
  }
}

/** The act is over by now: whoever asked for it is told of it, not of the log. */
async function end(ctx: Context, act: AuditedAct, begun: bigint): Promise<void> {
  ctx.audited?.push(act)
  await write(ctx, act, begun).catch((error: unknown) => {
    const why = messageOf(error)
    ctx.log.error({ err: error, act: { ...act, why } }, "the result of an act could not be written")
  })
}

function write(ctx: Context, act: Parameters<typeof entryOf>[1], begunId: bigint | null) {
  return ctx.store.prisma.auditEntry.create({
    data: { ...entryOf(ctx, act), begunId },
    select: { id: true },
  })
}
