import { betterAuth } from "better-auth"
import { prismaAdapter } from "better-auth/adapters/prisma"
import { APIError, createAuthMiddleware } from "better-auth/api"
import { z } from "zod"
import type { Logger } from "../log.ts"
import type { Store } from "../store/index.ts"
import { countAttempt } from "./attempts.ts"
import { auditSignIn } from "./sign-ins.ts"

const DAY_SECONDS = 86_400
const namesUser = z.object({ email: z.string() })

/** Sign-in by e-mail and password, without open sign-up; sessions of a week, kept in the database. */
export function createAuth(store: Store, options: { url: string; secret: string; log: Logger }) {
  const { log } = options
  return betterAuth({
    baseURL: options.url,
    secret: options.secret,
    // The page is served under whatever name the operator gave it; the cookie is same-site, and the origin is checked.
    trustedOrigins: (request) =>
      request ? [new URL(options.url).origin, ownOrigin(request)] : [options.url],
    database: prismaAdapter(store.prisma, { provider: "postgresql" }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10 },
    user: { additionalFields: { role: { type: "string", input: false, required: false } } },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "rateLimit",
      customRules: { "/sign-in/email": { window: 60, max: 10 } },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body }) => {
        const named = path === "/sign-in/email" ? namesUser.safeParse(body) : null
        if (!named?.success || (await countAttempt(store, named.data.email))) return
        throw new APIError("TOO_MANY_REQUESTS", { message: "Too many tries. Wait a minute, then try again." })
      }),
      after: createAuthMiddleware((request) => auditSignIn(store, request)),
    },
    databaseHooks: {
      session: { create: { before: ({ userId }) => refuseDisabled(store, userId) } },
    },
    advanced: {
      cookiePrefix: "signalbox",
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      // Named, because the library leaves the check out in its own test mode.
      disableOriginCheck: false,
    },
    logger: { log: (level, message, ...more) => log[level]({ more }, message) },
    telemetry: { enabled: false },
  })
}

async function refuseDisabled(store: Store, id: string): Promise<void> {
  const user = await store.prisma.user.findUnique({ where: { id }, select: { disabledAt: true } })
  if (user?.disabledAt)
    throw new APIError("FORBIDDEN", {
      message: "This account is disabled. Ask an administrator of Signalbox.",
    })
}

export type Auth = ReturnType<typeof createAuth>

function ownOrigin(request: Request): string {
  const host = request.headers.get("host") ?? "localhost"
  const forwarded = request.headers.get("x-forwarded-proto")
  return `${forwarded ?? new URL(request.url).protocol.replace(":", "")}://${host}`
}
