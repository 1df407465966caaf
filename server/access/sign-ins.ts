import { isAPIError } from "better-auth/api"
import { z } from "zod"
import type { Store } from "#server/store/index.ts"
import { addressOf } from "./address.ts"
import { audit } from "./audit.ts"

/** What the sign-in service tells of a request that it has answered. */
interface Answered {
  path: string
  body?: unknown
  headers?: Headers | undefined
  context: { newSession: { user: { id: string; email: string } } | null; returned?: unknown }
}

/** However long what was tried is: of a longer address, the log has the beginning. */
const namesUser = z.object({ email: z.string().transform((email) => email.slice(0, 200)) })

/** Writes down who signed in, and tries that were refused. */
export async function auditSignIn(store: Store, { path, body, headers, context }: Answered): Promise<void> {
  const from = headers ? addressOf(headers) : null
  const user = context.newSession?.user
  if (user) {
    const actor = { kind: "user" as const, ...user, role: null, clusters: {} }
    const act = { action: "access.sign-in", cluster: null, target: user.email, result: "ok" as const }
    return audit(store.prisma, { actor, from }, act)
  }
  const named = path === "/sign-in/email" ? namesUser.safeParse(body) : null
  if (!named?.success || !isAPIError(context.returned)) return
  const reason = context.returned.message
  const act = {
    action: "access.sign-in",
    cluster: null,
    target: named.data.email,
    result: "refused" as const,
    reason,
  }
  await audit(store.prisma, { actor: { kind: "nobody" }, from }, act)
}
