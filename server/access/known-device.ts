import { createHash, randomBytes } from "node:crypto"
import { type Budget, emailBudget } from "./attempts.ts"

/** The part of the sign-in service's request that reads and writes cookies it has signed. */
export interface SignedCookies {
  getSignedCookie(name: string, secret: string): Promise<string | null | false | undefined>
  setSignedCookie(name: string, value: string, secret: string, options: CookieOptions): Promise<unknown>
}

interface CookieOptions {
  httpOnly: boolean
  sameSite: "lax"
  secure: boolean
  path: string
  maxAge: number
}

const NAME = "signalbox.device"
const YEAR_SECONDS = 365 * 86_400

/**
 * The budget of tries to sign in as `email` from this browser: its own if that person has signed in with it before, else
 * the one that everybody shares.
 */
export async function budgetOf(cookies: SignedCookies, secret: string, email: string): Promise<Budget> {
  const value = await cookies.getSignedCookie(NAME, secret)
  const [device, person] = typeof value === "string" ? value.split(".") : []
  return device && person === digest(email) ? `device|${device}` : emailBudget(email)
}

/** Remembers that this person has signed in with this browser. The cookie gives no access, only a budget of its own. */
export async function rememberDevice(
  cookies: SignedCookies,
  given: { secret: string; email: string; secure: boolean; path: string },
): Promise<void> {
  const value = `${randomBytes(16).toString("base64url")}.${digest(given.email)}`
  await cookies.setSignedCookie(NAME, value, given.secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: given.secure,
    path: given.path,
    maxAge: YEAR_SECONDS,
  })
}

function digest(email: string): string {
  return createHash("sha256").update(email.trim().toLowerCase()).digest("base64url").slice(0, 22)
}
