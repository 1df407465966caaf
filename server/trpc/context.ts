import { toRole } from "../access/index.ts"
import type { Actor } from "../context.ts"
import { web } from "../web.ts"
import { type TrpcContext, toTrpcError } from "./init.ts"

/** The context of one request: who asks, and what the process keeps open. */
export async function createContext(headers: Headers): Promise<TrpcContext> {
  const own = await web()
  const { store, vault, connections, log } = own
  return { web: own, store, vault, connections, log, actor: await actorOf(headers), now: Date.now }
}

async function actorOf(headers: Headers): Promise<Actor> {
  const { auth, log } = await web()
  const session = await auth.api.getSession({ headers }).catch((error: unknown) => {
    log.error({ err: error }, "the session could not be read")
    throw toTrpcError(error)
  })
  if (!session) return { kind: "nobody" }
  return { kind: "user", id: session.user.id, email: session.user.email, role: toRole(session.user.role) }
}
