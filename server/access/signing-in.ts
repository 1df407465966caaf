import { AsyncLocalStorage } from "node:async_hooks"
import { addressOf } from "./address.ts"
import type { GrantsInput } from "./grants.ts"

/** What one sign-in by OIDC has learned, from the claims to the session that is made of them. */
interface SigningIn {
  /** The address it came from. */
  from: string | null
  /** What the groups give; absent: they say nothing. */
  grants?: GrantsInput
}

const underWay = new AsyncLocalStorage<SigningIn>()

/** Answers one request of the sign-in by OIDC. */
export function answerOidc(
  auth: { handler(request: Request): Promise<Response> },
  request: Request,
): Promise<Response> {
  return underWay.run({ from: addressOf(request.headers) }, () => auth.handler(request))
}

/** The sign-in that this call belongs to; null: another one than by OIDC. */
export function signingIn(): SigningIn | null {
  return underWay.getStore() ?? null
}
