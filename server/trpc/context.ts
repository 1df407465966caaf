import { actorOf, addressOf, refuseForeign } from "#server/access/index.ts"
import { web } from "#server/web.ts"
import { toTrpcError } from "./init.ts"
import type { TrpcContext } from "./model.ts"

interface Asking {
  /** HTTP method. */
  method?: string
  /** How many procedures the request calls. */
  calls?: number
}

/**
 * The context of one request: who asks, and what the process keeps open. Rejects with `forbidden` for a change that
 * another site's page has sent.
 */
export async function createContext(
  headers: Headers,
  { method = "GET", calls = 1 }: Asking = {},
): Promise<TrpcContext> {
  const own = await web()
  const { store, vault, connections, log } = own
  if (method !== "GET" && headers.has("cookie")) mapped(() => refuseForeign(own.config, headers))
  const actorNow = () => actorOf(own, headers)
  const actor = await actorOf(own, headers, calls).catch((error: unknown) => {
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

/** Nothing maps what fails before a procedure begins. */
function mapped(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw toTrpcError(error)
  }
}
