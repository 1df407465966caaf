import { actorOf, addressOf } from "#server/access/index.ts"
import { web } from "#server/web.ts"
import { type TrpcContext, toTrpcError } from "./init.ts"

/** The context of one request: who asks, and what the process keeps open. */
export async function createContext(headers: Headers): Promise<TrpcContext> {
  const own = await web()
  const { store, vault, connections, log } = own
  const actorNow = () => actorOf(own, headers)
  const actor = await actorNow().catch((error: unknown) => {
    const known = toTrpcError(error)
    if (known.code !== "UNAUTHORIZED" && known.code !== "TOO_MANY_REQUESTS")
      log.error({ err: error }, "the session could not be read")
    throw known
  })
  return {
    web: own,
    store,
    vault,
    connections,
    log,
    actor,
    actorNow,
    from: addressOf(headers),
    now: Date.now,
  }
}
