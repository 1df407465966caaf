import { randomUUID } from "node:crypto"
import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { audit } from "./audit.ts"
import { grantRows, grantsInput } from "./grants.ts"
import { hashPassword } from "./hashing.ts"
import { newPassword } from "./password.ts"
import { newSecretToken, tokenHash } from "./secret-token.ts"

const INVITE_MS = 3 * 86_400_000
const RESET_MS = 86_400_000

export const inviteInput = grantsInput.extend({
  email: z.email("Give an e-mail address.").transform((text) => text.toLowerCase()),
})
export const newLinkInput = z.object({ id: z.string().min(1).max(100) })
export const linkInput = z.object({ token: z.string().min(1).max(100) })
export const acceptInput = linkInput.extend({
  name: z.string().trim().min(1, "Give a name.").max(80),
  password: newPassword,
})

/** A one-time link; the token is told once, and only its SHA-256 is stored. */
export interface Link {
  token: string
  /** ms since the epoch. */
  expiresAt: number
}

/** Adds a person who may sign in as soon as a password was chosen by the link. Rejects with `conflict` when known. */
export async function inviteUser(ctx: Context, input: z.output<typeof inviteInput>): Promise<Link> {
  const { email, role, clusters } = input
  return ctx.store.prisma.$transaction(async (tx) => {
    const taken = await tx.user.findUnique({ where: { email }, select: { id: true } })
    if (taken) throw new DomainError("conflict", `There is already a user ${email}.`)
    const id = randomUUID()
    const grants = { create: await grantRows(tx, clusters) }
    await tx.user.create({ data: { id, name: email, email, emailVerified: true, role, grants } })
    await audit(tx, ctx, {
      action: "user.invite",
      cluster: null,
      target: email,
      after: { role, clusters },
      result: "ok",
    })
    return createLink(tx, id, ctx.now() + INVITE_MS)
  })
}

/** A new link for somebody who lost the first, or the password: the link before is worthless, the password still works. */
export async function newLink(ctx: Context, input: z.output<typeof newLinkInput>): Promise<Link> {
  return ctx.store.prisma.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: input.id },
      select: { email: true, disabledAt: true, accounts: { select: { providerId: true } } },
    })
    if (!user) throw new DomainError("not_found", "User not found.")
    if (user.disabledAt)
      throw new DomainError("conflict", `${user.email} is disabled: enable the account first.`)
    await audit(tx, ctx, { action: "user.invite", cluster: null, target: user.email, result: "ok" })
    return createLink(tx, input.id, ctx.now() + (user.accounts.length === 0 ? INVITE_MS : RESET_MS))
  })
}

/** Whom a link is for. Rejects with `forbidden` when it was used, replaced, or is too old. */
export async function readLink(
  ctx: Context,
  input: z.output<typeof linkInput>,
): Promise<{ email: string; name: string }> {
  const { user } = await findLink(ctx, ctx.store.prisma, input.token)
  return { email: user.email, name: user.name === user.email ? "" : user.name }
}

/** Sets name and password by a link, once, and ends all sessions there were. */
export async function acceptLink(ctx: Context, input: z.output<typeof acceptInput>): Promise<void> {
  // Hashing is dear: nobody gets it for a made-up link.
  await findLink(ctx, ctx.store.prisma, input.token)
  const password = await hashPassword(input.password)
  await ctx.store.prisma.$transaction(async (tx) => {
    const { user } = await findLink(ctx, tx, input.token)
    // The row's lock lets one of two simultaneous uses through.
    const used = await tx.invite.deleteMany({ where: { tokenHash: tokenHash(input.token) } })
    if (used.count === 0) throw invalid()
    const { id } = user
    const own = { userId: id, providerId: "credential" }
    await tx.account.deleteMany({ where: own })
    await tx.account.create({ data: { id: randomUUID(), accountId: id, ...own, password } })
    await tx.session.deleteMany({ where: { userId: id } })
    await tx.user.update({ where: { id }, data: { name: input.name } })
    await audit(tx, ctx, { action: "access.accept", cluster: null, target: user.email, result: "ok" })
  })
}

async function findLink(ctx: Context, tx: Prisma.TransactionClient, token: string) {
  const found = await tx.invite.findFirst({
    where: {
      tokenHash: tokenHash(token),
      expiresAt: { gt: new Date(ctx.now()) },
      user: { disabledAt: null },
    },
    select: { user: { select: { id: true, email: true, name: true } } },
  })
  if (!found) throw invalid()
  return found
}

async function createLink(tx: Prisma.TransactionClient, id: string, expiresAt: number): Promise<Link> {
  const token = newSecretToken()
  const data = { tokenHash: tokenHash(token), expiresAt: new Date(expiresAt) }
  await tx.invite.upsert({ where: { userId: id }, create: { userId: id, ...data }, update: data })
  return { token, expiresAt }
}

function invalid(): DomainError {
  return new DomainError("forbidden", "This link is no longer valid. Ask the administrator for a new one.")
}
