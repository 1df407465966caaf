import { actorOf, addressOf } from "../access/index.ts"
import { web } from "../web.ts"
import { type TrpcContext, toTrpcError } from "./init.ts"

/** The context of one request: who asks, and what the process keeps open. */
export async function createContext(headers: Headers): Promise<TrpcContext> {
  const own = await web()
  const { store, vault, connections, log } = own
  const actor = await actorOf(own, headers).catch((error: unknown) => {
    log.error({ err: error }, "the session could not be read")
    throw toTrpcError(error)
  })
  return { web: own, store, vault, connections, log, actor, from: addressOf(headers), now: Date.now }
}
