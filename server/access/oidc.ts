import { AsyncLocalStorage } from "node:async_hooks"
import { APIError } from "better-auth/api"
import { genericOAuth } from "better-auth/plugins/generic-oauth"
import { z } from "zod"
import type { Logger } from "../log.ts"
import type { Store } from "../store/index.ts"
import { audit } from "./audit.ts"
import type { Auth } from "./auth.ts"
import { clustersOf, type GrantsInput, SELECT_GRANTS } from "./grants.ts"
import { grantsOf, groupsOf } from "./group-roles.ts"
import type { OidcConfig } from "./sign-in-config.ts"

export const OIDC = "oidc"
const FETCH_MS = 10_000

/** What one sign-in has learned, from the user info to the session that is made of it. */
const underWay = new AsyncLocalStorage<{ grants?: GrantsInput }>()

/** Answers one request of the sign-in by OIDC. */
export function answerOidc(auth: Auth, request: Request): Promise<Response> {
  return underWay.run({}, () => auth.handler(request))
}

/**
 * The authorisation code flow with PKCE; state and nonce are the library's, the ID token is always verified.
 * https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export function oidcPlugin(config: OidcConfig) {
  return genericOAuth({
    config: [
      {
        providerId: OIDC,
        name: config.name,
        discoveryUrl: `${config.issuer}/.well-known/openid-configuration`,
        clientId: config.clientId,
        ...(config.clientSecret ? { clientSecret: config.clientSecret } : {}),
        scopes: config.scopes,
        pkce: true,
        requireIdTokenVerification: true,
        getUserInfo: (tokens) => readClaims(config, tokens),
      },
    ],
  })
}

const claims = z.looseObject({ sub: z.string().min(1) })

/**
 * The claims of the ID token, which the library has verified by now, with those of the user info endpoint, which must be
 * of the same subject (OIDC Core 5.3.2). null: not to be trusted.
 */
async function readClaims(
  config: OidcConfig,
  tokens: { idToken?: string | undefined; accessToken?: string | undefined },
) {
  if (!tokens.idToken) return null
  const own = payloadOf(tokens.idToken)
  const more =
    own.email && own[config.groupsClaim] ? null : await readUserInfo(config, tokens.accessToken ?? "")
  if (more && more.sub !== own.sub) return null
  const all = { ...more, ...own }
  const { email, name, email_verified: verified } = all
  return {
    ...all,
    id: own.sub,
    email: typeof email === "string" ? email : undefined,
    name: typeof name === "string" ? name : typeof email === "string" ? email : "",
    emailVerified: verified === true,
  }
}

/** RFC 7519: the middle of three parts, JSON in base64url. */
function payloadOf(token: string): z.output<typeof claims> {
  return claims.parse(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")))
}

const discovered = z.looseObject({ issuer: z.string(), userinfo_endpoint: z.url().optional() })

async function readUserInfo(config: OidcConfig, accessToken: string) {
  const ask = async (url: string, headers: Record<string, string>) => {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(FETCH_MS), redirect: "error" })
    return response.ok ? await response.json() : null
  }
  const known = discovered.parse(await ask(`${config.issuer}/.well-known/openid-configuration`, {}))
  if (known.issuer.replace(/\/$/, "") !== config.issuer || !known.userinfo_endpoint) return null
  return (
    claims.safeParse(await ask(known.userinfo_endpoint, { authorization: `Bearer ${accessToken}` })).data ??
    null
  )
}

interface Person {
  user: { id?: string | undefined; email?: string | undefined }
  source: { action?: string; oauth?: { profile?: Record<string, unknown> } | undefined }
}

interface Refusal {
  error: string
  errorDescription: string
}

/** Decides who may sign in, and with which roles, before anything is stored of that person. */
export async function admitPerson(
  store: Store,
  config: OidcConfig,
  { user, source }: Person,
): Promise<Refusal | undefined> {
  const groups = groupsOf(source.oauth?.profile?.[config.groupsClaim])
  const grants = grantsOf(config, groups)
  const known = user.id
    ? await store.prisma.user.findUnique({ where: { id: user.id }, select: { disabledAt: true } })
    : null
  const refusal =
    grants === null
      ? { error: "no_role", errorDescription: "None of your groups has a role in Signalbox." }
      : known?.disabledAt
        ? { error: "disabled", errorDescription: "This account is disabled." }
        : grants === "unmapped" && !known
          ? { error: "not_invited", errorDescription: "An administrator must invite you first." }
          : undefined
  const state = underWay.getStore()
  if (!state) throw new APIError("INTERNAL_SERVER_ERROR")
  if (refusal === undefined && grants !== "unmapped" && grants !== null) state.grants = grants
  if (refusal) {
    const act = { action: "access.sign-in", target: user.email ?? "", result: "refused" as const }
    await audit(store.prisma, { actor: { kind: "nobody" } }, { ...act, reason: refusal.errorDescription })
  }
  return refusal
}

/** Gives a person the roles of this sign-in's groups, and says in the audit log what changed. */
export async function applyGroups(store: Store, log: Logger, userId: string): Promise<void> {
  const wanted = underWay.getStore()?.grants
  if (!wanted) return
  await store.prisma.$transaction(async (tx) => {
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { email: true, role: true, grants: SELECT_GRANTS },
    })
    const slugs = Object.keys(wanted.clusters)
    const known = await tx.cluster.findMany({
      where: { slug: { in: slugs } },
      select: { id: true, slug: true },
    })
    const rows = known.flatMap(({ id, slug }) => {
      const role = wanted.clusters[slug]
      return role ? [{ clusterId: id, slug, role }] : []
    })
    const missing = slugs.filter((slug) => !known.some((one) => one.slug === slug))
    if (missing.length > 0)
      log.warn({ clusters: missing }, "groups are mapped to clusters that are not connected")
    const before = { role: user.role, clusters: clustersOf(user.grants) }
    const after = {
      role: wanted.role,
      clusters: Object.fromEntries(rows.map(({ slug, role }) => [slug, role])),
    }
    if (sorted(before) === sorted(after)) return
    const grants = { deleteMany: {}, create: rows.map(({ clusterId, role }) => ({ clusterId, role })) }
    await tx.user.update({ where: { id: userId }, data: { role: wanted.role, grants } })
    await audit(
      tx,
      { actor: { kind: "system" } },
      { action: "user.map", target: user.email, before, after, result: "ok" },
    )
  })
}

function sorted({ role, clusters }: { role: string | null; clusters: Record<string, string> }): string {
  return JSON.stringify([role, Object.entries(clusters).sort(([a], [b]) => a.localeCompare(b))])
}
