import { randomUUID } from "node:crypto"
import { z } from "zod"
import { audit, nameOf, newSecretToken, tokenHash } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text } from "#server/inputs.ts"

/** So that one that leaks is known for what it is. */
const PREFIX = "sbs_"
const MAX_TOKENS = 200

export interface SpanTokenRow {
  id: string
  name: string
  /** The last four characters. */
  hint: string
  createdBy: string
  createdAt: number
  /** To the minute; null: never. */
  lastUsedAt: number | null
  isRevoked: boolean
}

export const createSpanTokenInput = z.object({ name: text(80).trim().min(1, "Give the token a name.") })
export const revokeSpanTokenInput = z.object({ id: text(100).min(1) })

/** Makes a token by which spans may be sent. It is told once; from then on senders need one. */
export async function createSpanToken(
  ctx: Context,
  { name }: z.output<typeof createSpanTokenInput>,
): Promise<{ token: string }> {
  const token = PREFIX + newSecretToken()
  await ctx.store.prisma.$transaction(async (tx) => {
    const made = await tx.$executeRaw`insert into traces.token (id, name, hash, hint, created_by)
      select ${randomUUID()}, ${name}, ${tokenHash(token)}, ${token.slice(-4)}, ${nameOf(ctx.actor)}
      where (select count(*) from traces.token where revoked_at is null) < ${MAX_TOKENS}`
    if (made === 0) throw new DomainError("conflict", `There are ${MAX_TOKENS} tokens: revoke one first.`)
    await audit(tx, ctx, { action: "trace.token.create", cluster: null, target: name, result: "ok" })
  })
  return { token }
}

/** All of them, the latest first. */
export async function listSpanTokens({ store }: Pick<Context, "store">): Promise<SpanTokenRow[]> {
  const { rows } = await store.pool.query<{
    id: string
    name: string
    hint: string
    created_by: string
    created_at: Date
    last_used_at: Date | null
    revoked_at: Date | null
  }>(
    "select id, name, hint, created_by, created_at, last_used_at, revoked_at from traces.token order by created_at desc limit 500",
  )
  return rows.map(({ id, name, hint, ...row }) => ({
    ...{ id, name, hint, createdBy: row.created_by, createdAt: row.created_at.getTime() },
    ...{ lastUsedAt: row.last_used_at?.getTime() ?? null, isRevoked: row.revoked_at !== null },
  }))
}

/** Ends a token; receivers refuse it within ten seconds. */
export async function revokeSpanToken(
  ctx: Context,
  { id }: z.output<typeof revokeSpanTokenInput>,
): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ name: string }[]>`update traces.token set revoked_at = now()
      where id = ${id} and revoked_at is null returning name`
    const [token] = rows
    if (!token) throw new DomainError("not_found", "Token not found.")
    await audit(tx, ctx, { action: "trace.token.revoke", cluster: null, target: token.name, result: "ok" })
  })
}
