import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { z } from "zod"
import { DomainError } from "../errors.ts"
import { type Store, transaction } from "../store/index.ts"
import { createUser } from "./users.ts"

const SETTING = "setup-token"

export const setupInput = z.object({
  token: z.string().min(1),
  name: z.string().trim().min(1, "Give a name.").max(80),
  email: z.email("Give an e-mail address."),
  password: z.string().min(10, "A password has at least 10 characters.").max(128),
})

/**
 * The one-time link with which the first administrator is made; null once there is a user. Each call gives a new link
 * and makes the one before worthless. Only the token's SHA-256 is stored.
 */
export async function ensureSetupLink(store: Store, url: string): Promise<string | null> {
  if ((await store.prisma.user.count()) > 0) return null
  const token = randomBytes(32).toString("base64url")
  await store.prisma.setting.upsert({
    where: { name: SETTING },
    create: { name: SETTING, value: digest(token) },
    update: { value: digest(token) },
  })
  return `${url}/setup?token=${token}`
}

/** Makes the first administrator. Rejects with `forbidden` when the link is not the current one or was used. */
export async function completeSetup(store: Store, input: z.output<typeof setupInput>): Promise<void> {
  const used = await transaction(store, async (client) => {
    const { rows } = await client.query<{ value: string }>(
      "delete from setting where name = $1 returning value",
      [SETTING],
    )
    const stored = rows[0]?.value
    if (stored === undefined || !matches(stored, digest(input.token))) {
      const advice = "Start Signalbox again: it prints a new one as long as there is no user."
      throw new DomainError("forbidden", `This set-up link is not valid any more. ${advice}`)
    }
    return true
  })
  if (used) await createUser(store, { ...input, role: "admin" })
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex")
}

function matches(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
