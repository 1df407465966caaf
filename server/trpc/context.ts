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
  const { auth, store, log } = await web()
  const session = await auth.api.getSession({ headers }).catch(async (error: unknown) => {
    // The library tells its cause to the log only, so whether the database is away must be asked.
    const cause = await store.pool.query("select 1").then(
      () => error,
      (away: unknown) => away,
    )
    log.error({ err: cause }, "the session could not be read")
    throw toTrpcError(cause)
  })
  if (!session) return { kind: "nobody" }
  const { id, email, role } = session.user
  return { kind: "user", id, email, role: toRole(role), clusters: {} }
}
