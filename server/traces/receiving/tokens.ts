import { createHash, timingSafeEqual } from "node:crypto"

/** Whether an Authorization header lets its sender in. */
export type TokenCheck = (authorization: string | undefined) => boolean

/** Lets in who names one of the bearer tokens; everybody when there are none. */
export function checkTokens(tokens: readonly string[]): TokenCheck {
  const digests = tokens.map(digest)
  return (authorization) => {
    if (digests.length === 0) return true
    const [, token] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? []
    if (token === undefined) return false
    const given = digest(token)
    // All are compared, so that the time says nothing.
    return digests.map((one) => timingSafeEqual(one, given)).includes(true)
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest()
}
