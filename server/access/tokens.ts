import { randomUUID } from "node:crypto"
import { z } from "zod"
import type { Actor, Grants, Role } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { audit } from "./audit.ts"
import { clustersOf, grantRows, grantsInput, SELECT_GRANTS } from "./grants.ts"
import { ownUser } from "./own-user.ts"
import { capped, toRole } from "./permissions.ts"
import { newSecretToken, tokenHash } from "./secret-token.ts"

export const TOKEN_PREFIX = "sbx_"
const DAY_MS = 86_400_000
const MAX_TOKENS = 100

export const createTokenInput = grantsInput.extend({
  name: z.string().trim().min(1, "Give the token a name.").max(80),
  days: z.number().int().min(1).max(366),
})
export const revokeTokenInput = z.object({ id: z.string().min(1).max(100) })

export interface TokenRow {
  id: string
  name: string
  owner: string
  /** The last four characters. */
  hint: string
  role: Role | null
  /** Role by the cluster's slug. */
  clusters: Record<string, string>
  state: "valid" | "expired" | "revoked"
  /** ms since the epoch. */
  createdAt: number
  expiresAt: number
  lastUsedAt: number | null
}

/** Makes a token, which is told once; only its SHA-256 is stored. Rejects with `forbidden` beyond one's own rights. */
export async function createToken(
  ctx: Context,
  input: z.output<typeof createTokenInput>,
): Promise<{ token: string; expiresAt: number }> {
  const owner = ownUser(ctx)
  const { name, role, clusters, days } = input
  refuseMore({ role, clusters }, owner)
  const token = TOKEN_PREFIX + newSecretToken()
  const expiresAt = ctx.now() + days * DAY_MS
  await ctx.store.prisma.$transaction(async (tx) => {
    if ((await tx.apiToken.count({ where: { userId: owner.id, revokedAt: null } })) >= MAX_TOKENS)
      throw new DomainError("conflict", `You have ${MAX_TOKENS} tokens: revoke one first.`)
    await tx.apiToken.create({
      data: {
        id: randomUUID(),
        userId: owner.id,
        name,
        hash: tokenHash(token),
        hint: token.slice(-4),
        role,
        grants: { create: await grantRows(tx, clusters) },
        expiresAt: new Date(expiresAt),
      },
    })
    await audit(tx, ctx, {
      action: "token.create",
      cluster: null,
      target: name,
      after: { role, clusters, days },
      result: "ok",
    })
  })
  return { token, expiresAt }
}

/** One's own tokens; all of them for an administrator of all clusters. The latest first. */
export async function listTokens(ctx: Context): Promise<TokenRow[]> {
  const rows = await ctx.store.prisma.apiToken.findMany({
    where: withinReach(ctx.actor),
    select: {
      id: true,
      name: true,
      hint: true,
      role: true,
      grants: SELECT_GRANTS,
      createdAt: true,
      expiresAt: true,
      lastUsedAt: true,
      revokedAt: true,
      user: { select: { email: true } },
    },
    orderBy: { createdAt: "desc" },
    take: 500,
  })
  return rows.map(({ user, grants, revokedAt, ...row }) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    owner: user.email,
    role: toRole(row.role),
    clusters: clustersOf(grants),
    state: revokedAt ? "revoked" : row.expiresAt.getTime() <= ctx.now() ? "expired" : "valid",
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  }))
}

/** Ends a token at once: one's own, or anybody's for an administrator of all clusters. */
export async function revokeToken(ctx: Context, input: z.output<typeof revokeTokenInput>): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    const where = { id: input.id, revokedAt: null, ...withinReach(ctx.actor) }
    const token = await tx.apiToken.findFirst({
      where,
      select: { name: true, user: { select: { email: true } } },
    })
    if (!token) throw new DomainError("not_found", "Token not found.")
    await tx.apiToken.update({ where: { id: input.id }, data: { revokedAt: new Date(ctx.now()) } })
    const target = `${token.name} (${token.user.email})`
    await audit(tx, ctx, { action: "token.revoke", cluster: null, target, result: "ok" })
  })
}

function withinReach(actor: Actor): { userId?: string } {
  if (actor.kind === "user") return actor.role === "admin" ? {} : { userId: actor.id }
  throw new DomainError("forbidden", "Only a person may do this, not a token: sign in on the page.")
}

function refuseMore(wanted: Grants, owner: Grants): void {
  const given = capped(wanted, owner)
  const less =
    given.role !== wanted.role ||
    Object.entries(wanted.clusters).some(([slug, role]) => given.clusters[slug] !== role)
  if (less)
    throw new DomainError(
      "forbidden",
      "A token cannot have more permissions than you do. Choose lower roles.",
    )
  if (wanted.role === null && Object.keys(wanted.clusters).length === 0)
    throw new DomainError("bad_input", "Choose a role for the token.")
}
