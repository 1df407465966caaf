import { betterAuth } from "better-auth"
import { prismaAdapter } from "better-auth/adapters/prisma"
import type { Store } from "../store/index.ts"

const DAY_SECONDS = 86_400

/** Sign-in by e-mail and password, without open sign-up; sessions of a week, kept in the database. */
export function createAuth(store: Store, options: { url: string; secret: string }) {
  return betterAuth({
    baseURL: options.url,
    secret: options.secret,
    // The page is served under whatever name the operator gave it; the cookie is same-site, and the origin is checked.
    trustedOrigins: (request) =>
      request ? [new URL(options.url).origin, ownOrigin(request)] : [options.url],
    database: prismaAdapter(store.prisma, { provider: "postgresql" }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    user: { additionalFields: { role: { type: "string", input: false, defaultValue: "viewer" } } },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "rateLimit",
      customRules: { "/sign-in/email": { window: 60, max: 10 } },
    },
    advanced: { cookiePrefix: "signalbox", defaultCookieAttributes: { sameSite: "lax", httpOnly: true } },
    telemetry: { enabled: false },
  })
}

export type Auth = ReturnType<typeof createAuth>

function ownOrigin(request: Request): string {
  const host = request.headers.get("host") ?? "localhost"
  const forwarded = request.headers.get("x-forwarded-proto")
  return `${forwarded ?? new URL(request.url).protocol.replace(":", "")}://${host}`
}
