import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { audit } from "./audit.ts"
import { ownUser } from "./own-user.ts"

export interface SessionRow {
  id: string
  /** The one that asks. */
  own: boolean
  from: string | null
  browser: string | null
  /** ms since the epoch. */
  signedInAt: number
  lastSeenAt: number
  expiresAt: number
}

/** Where one is signed in, the latest first. */
export async function listSessions(ctx: Context): Promise<SessionRow[]> {
  const { id: userId, session } = ownUser(ctx)
  const rows = await ctx.store.prisma.session.findMany({
    where: { userId, expiresAt: { gt: new Date(ctx.now()) } },
    select: { id: true, ipAddress: true, userAgent: true, createdAt: true, updatedAt: true, expiresAt: true },
    orderBy: { updatedAt: "desc" },
    take: 100,
  })
  return rows.map((row) => ({
    id: row.id,
    own: row.id === session,
    from: row.ipAddress || null,
    browser: row.userAgent || null,
    signedInAt: row.createdAt.getTime(),
    lastSeenAt: row.updatedAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
  }))
}

export const revokeSessionInput = z.object({ id: z.string().min(1).max(100) })

/** Ends one of one's own sessions. Rejects with `not_found` for anybody else's. */
export async function revokeSession(ctx: Context, input: z.output<typeof revokeSessionInput>): Promise<void> {
  const { id: userId, email } = ownUser(ctx)
  await ctx.store.prisma.$transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { id: input.id, userId } })
    if (count === 0) throw new DomainError("not_found", "Session not found.")
    await audit(tx, ctx, {
      action: "access.sign-out",
      cluster: null,
      target: email,
      after: { sessions: 1 },
      result: "ok",
    })
  })
}

/** Ends all of one's sessions, this one too. */
export async function signOutEverywhere(ctx: Context): Promise<void> {
  const { id: userId, email } = ownUser(ctx)
  await ctx.store.prisma.$transaction(async (tx) => {
    const { count } = await tx.session.deleteMany({ where: { userId } })
    await audit(tx, ctx, {
      action: "access.sign-out",
      cluster: null,
      target: email,
      after: { sessions: count },
      result: "ok",
    })
  })
}
