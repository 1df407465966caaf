import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { actorOf } from "./actor.ts"
import { addressOf } from "./address.ts"
import { audit } from "./audit.ts"
import type { Auth } from "./auth.ts"

/** Answers a sign-out, and writes down whose session it was. */
export async function signOut(
  own: { auth: Auth; store: Store; log: Logger },
  request: Request,
): Promise<Response> {
  const actor = await actorOf(own, request.headers)
  const response = await own.auth.handler(request)
  if (actor.kind === "user" && response.ok) {
    const from = addressOf(request.headers)
    const act = {
      action: "access.sign-out",
      target: actor.email,
      cluster: null,
      after: { sessions: 1 },
      result: "ok" as const,
    }
    await audit(own.store.prisma, { actor, from }, act)
  }
  return response
}
