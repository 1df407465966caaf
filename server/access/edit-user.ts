import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { audit } from "./audit.ts"
import { clustersOf, grantRows, grantsInput, SELECT_GRANTS } from "./grants.ts"

/** Arbitrary; serialises what may take away the last administrator. */
const LOCK = 7_245_002

const userId = z.object({ id: z.string().min(1).max(100) })
export const changeGrantsInput = userId.extend(grantsInput.shape)
export const disableUserInput = userId.extend({ disabled: z.boolean() })
export const removeUserInput = userId.extend({ confirm: z.string() })

/** Changes what somebody may do, from the next request on. Rejects with `conflict` for the last administrator. */
export async function changeGrants(ctx: Context, input: z.output<typeof changeGrantsInput>): Promise<void> {
  const { id, role, clusters } = input
  await editing(ctx, id, async (tx, user) => {
    const rows = await grantRows(tx, clusters)
    await tx.user.update({ where: { id }, data: { role, grants: { deleteMany: {}, create: rows } } })
    await forgetUnmasked(tx, id)
    const before = { role: user.role, clusters: user.clusters }
    await audit(tx, ctx, {
      action: "user.edit",
      cluster: null,
      target: user.email,
      before,
      after: { role, clusters },
      result: "ok",
    })
  })
}

/** Keeps somebody out, whose sessions and tokens end at once; or lets them in again. */
export async function disableUser(ctx: Context, input: z.output<typeof disableUserInput>): Promise<void> {
  const { id, disabled } = input
  await editing(ctx, id, async (tx, user) => {
    await tx.user.update({ where: { id }, data: { disabledAt: disabled ? new Date(ctx.now()) : null } })
    if (disabled) {
      await tx.session.deleteMany({ where: { userId: id } })
      await forgetUnmasked(tx, id)
    }
    const before = { disabled: user.disabled }
    await audit(tx, ctx, {
      action: "user.edit",
      cluster: null,
      target: user.email,
      before,
      after: { disabled },
      result: "ok",
    })
  })
}

/** Forgets somebody with sessions and tokens; what they did stays in the audit log. */
export async function removeUser(ctx: Context, input: z.output<typeof removeUserInput>): Promise<void> {
  await editing(ctx, input.id, async (tx, user) => {
    if (input.confirm !== user.email)
      throw new DomainError("bad_input", `Type the address "${user.email}" to confirm.`)
    await forgetUnmasked(tx, input.id)
    await tx.user.delete({ where: { id: input.id } })
    const before = { role: user.role, clusters: user.clusters }
    await audit(tx, ctx, { action: "user.remove", cluster: null, target: user.email, before, result: "ok" })
  })
}

/** What somebody had unmasked is masked again when their rights change. */
async function forgetUnmasked(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  const tokens = await tx.apiToken.findMany({ where: { userId }, select: { id: true } })
  const holders = [`user ${userId}`, ...tokens.map(({ id }) => `token ${id}`)]
  await tx.unmaskGrant.deleteMany({ where: { holder: { in: holders } } })
}

interface Known {
  email: string
  role: string | null
  clusters: Record<string, string>
  disabled: boolean
}

/** One edit at a time, and none after which nobody could manage users any more. */
async function editing(
  ctx: Context,
  id: string,
  edit: (tx: Prisma.TransactionClient, user: Known) => Promise<void>,
): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${LOCK})`
    const user = await tx.user.findUnique({
      where: { id },
      select: { email: true, role: true, disabledAt: true, grants: SELECT_GRANTS },
    })
    if (!user) throw new DomainError("not_found", "User not found.")
    const { email, role, disabledAt, grants } = user
    await edit(tx, { email, role, disabled: disabledAt !== null, clusters: clustersOf(grants) })
    const left = await tx.user.count({ where: { role: "admin", disabledAt: null, accounts: { some: {} } } })
    if (left > 0) return
    const advice = "Make somebody else an administrator of all clusters first."
    throw new DomainError("conflict", `${email} is the last administrator. ${advice}`)
  })
}
