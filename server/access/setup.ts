import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { Store } from "#server/store/index.ts"
import { audit } from "./audit.ts"
import { newPassword } from "./password.ts"
import { newSecretToken, tokenHash } from "./secret-token.ts"
import { createUser } from "./users.ts"

const SETTING = "setup-token"

export const setupInput = z.object({
  token: z.string().min(1),
  name: z.string().trim().min(1, "Give a name.").max(80),
  email: z.email("Give an e-mail address."),
  password: newPassword,
})

/**
 * The one-time link with which the first administrator is made; null once there is a user. Each call gives a new link
 * and makes the one before worthless. Only the token's SHA-256 is stored.
 */
export async function ensureSetupLink(store: Store, url: string): Promise<string | null> {
  if ((await store.prisma.user.count()) > 0) return null
  const token = newSecretToken()
  await store.prisma.setting.upsert({
    where: { name: SETTING },
    create: { name: SETTING, value: tokenHash(token) },
    update: { value: tokenHash(token) },
  })
  return `${url}/setup?token=${token}`
}

/**
 * Makes the first administrator. Rejects with `forbidden` when the link is not the current one or was used, or when
 * there is a user already.
 */
export async function completeSetup(ctx: Context, input: z.output<typeof setupInput>): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    // The row's lock lets one of two simultaneous uses through.
    const used = await tx.setting.deleteMany({
      where: { name: SETTING, value: { equals: tokenHash(input.token) } },
    })
    if (used.count === 0 || (await tx.user.count()) > 0) {
      const advice = "Start Signalbox again: it prints a new one as long as there is no user."
      throw new DomainError("forbidden", `This set-up link is no longer valid. ${advice}`)
    }
    await createUser({ prisma: tx }, { ...input, role: "admin" })
    await audit(tx, ctx, { action: "access.setup", cluster: null, target: input.email, result: "ok" })
  })
}
