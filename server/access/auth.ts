import { betterAuth } from "better-auth"
import { prismaAdapter } from "better-auth/adapters/prisma"
import { APIError, createAuthMiddleware } from "better-auth/api"
import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { admitPerson } from "./admit-person.ts"
import { applyGroups } from "./apply-groups.ts"
import { countAttempt, forgiveAttempt } from "./attempts.ts"
import { hashPassword, verifyPassword } from "./hashing.ts"
import { budgetOf, rememberDevice } from "./known-device.ts"
import { OIDC, oidcPlugin } from "./oidc.ts"
import { ownOrigins } from "./origin.ts"
import type { OidcConfig } from "./sign-in-config.ts"
import { auditSignIn } from "./sign-ins.ts"

const DAY_SECONDS = 86_400
const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null }
const namesUser = z.object({ email: z.string().max(320) })

interface Options {
  /** As browsers have it, with the path below which Signalbox is reached, if any. */
  url: string
  /** Whether the operator has set the URL: only then is it the one origin. */
  urlIsSet: boolean
  secret: string
  log: Logger
  /** Whether e-mail and password will do. */
  password: boolean
  /** The sign-in by OIDC, which waits for its provider; one without it never does. */
  oidc?: OidcConfig
}

/** Sign-in without open sign-up; sessions of a week, kept in the database. */
export function createAuth(store: Store, options: Options) {
  const { log, oidc } = options
  const { pathname } = new URL(options.url)
  return betterAuth({
    baseURL: `${options.url}/api/auth`,
    secret: options.secret,
    trustedOrigins: (request) => ownOrigins(options, request?.headers ?? new Headers()),
    database: prismaAdapter(store.prisma, { provider: "postgresql" }),
    emailAndPassword: {
      enabled: options.password,
      disableSignUp: true,
      minPasswordLength: 10,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      additionalFields: { role: { type: "string", input: false, required: false } },
      ...(oidc ? { validateUserInfo: (person) => admitPerson(store, oidc, person) } : {}),
    },
    plugins: oidc ? [oidcPlugin(oidc)] : [],
    onAPIError: { errorURL: `${options.url}/sign-in` },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: true,
      storage: "database",
      modelName: "rateLimit",
      customRules: {
        "/sign-in/email": { window: 60, max: 10 },
        "/sign-in/social": { window: 60, max: 30 },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (request) => {
        const email = emailOf(request)
        if (email === null) return
        if (await countAttempt(store, await budgetOf(request, options.secret, email))) return
        throw new APIError("TOO_MANY_REQUESTS", {
          message: "Too many attempts. Wait a minute, then try again.",
        })
      }),
      after: createAuthMiddleware(async (request) => {
        const email = emailOf(request)
        if (email !== null && request.context.newSession) {
          await forgiveAttempt(store, await budgetOf(request, options.secret, email))
          const secure = options.url.startsWith("https:")
          await rememberDevice(request, { secret: options.secret, email, secure, path: pathname })
        }
        await auditSignIn(store, request)
      }),
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            await refuseDisabled(store, userId)
            await applyGroups(store, log, userId)
          },
        },
      },
      // The tokens of the provider have served when somebody is signed in: nothing here asks for them again.
      account: {
        create: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
        update: { before: async (account) => ({ data: { ...account, ...NO_TOKENS } }) },
      },
    },
    advanced: {
      cookiePrefix: "signalbox",
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true, path: pathname },
      // Named, because the library leaves the check out in its own test mode.
      disableOriginCheck: false,
    },
    logger: { log: (level, message, ...more) => log[level]({ more }, message) },
    telemetry: { enabled: false },
  })
}

/** Whom a request to sign in names; null: another request. */
function emailOf({ path, body }: { path: string; body?: unknown }): string | null {
  return path === "/sign-in/email" ? (namesUser.safeParse(body).data?.email ?? null) : null
}

async function refuseDisabled(store: Store, id: string): Promise<void> {
  const user = await store.prisma.user.findUnique({ where: { id }, select: { disabledAt: true } })
  if (user?.disabledAt)
    throw new APIError("FORBIDDEN", {
      message: "This account is disabled. Ask an administrator of Signalbox.",
    })
}

export type Auth = ReturnType<typeof createAuth>

/** One that waits for the provider of the sign-in by OIDC: made at the first use, and again while that does not answer. */
export function lazily(store: Store, options: Options): () => Promise<Auth> {
  let kept: Auth | null = null
  return async () => {
    const auth = kept ?? createAuth(store, options)
    const { socialProviders } = await auth.$context
    if (!socialProviders.some(({ id }) => id === OIDC))
      throw new DomainError("unreachable", "The sign-in provider does not answer. Try again in a moment.")
    kept = auth
    return auth
  }
}
