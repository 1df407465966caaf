import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { type Budget, countAttempt, forgiveAttempt } from "./attempts.ts"
import { audit } from "./audit.ts"
import { hashPassword, verifyPassword } from "./hashing.ts"
import { ownUser } from "./own-user.ts"

export const newPassword = z.string().min(10, "A password has at least 10 characters.").max(128)
export const changePasswordInput = z.object({ current: z.string().max(128), next: newPassword })

/**
 * Changes one's own password and ends one's other sessions. Rejects with `forbidden` when the current one is wrong,
 * and with `conflict` for somebody who has none.
 */
export async function changePassword(
  ctx: Context,
  input: z.output<typeof changePasswordInput>,
): Promise<void> {
  const { id, email, session } = ownUser(ctx)
  const budget: Budget = `password|${id}`
  if (!(await countAttempt(ctx.store, budget)))
    throw new DomainError("too_many_requests", "Too many attempts. Wait a minute, then try again.")
  const where = { userId: id, providerId: "credential" }
  const account = await ctx.store.prisma.account.findFirst({ where, select: { id: true, password: true } })
  if (!account?.password)
    throw new DomainError("conflict", "You sign in by OIDC, without a password of Signalbox.")
  if (!(await verifyPassword({ hash: account.password, password: input.current })))
    throw new DomainError("forbidden", "The current password is incorrect.")
  await forgiveAttempt(ctx.store, budget)
  const password = await hashPassword(input.next)
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.account.update({ where: { id: account.id }, data: { password } })
    await tx.session.deleteMany({ where: { userId: id, ...(session ? { NOT: { id: session } } : {}) } })
    await audit(tx, ctx, { action: "access.password", cluster: null, target: email, result: "ok" })
  })
}
