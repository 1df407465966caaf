import { genericOAuth } from "better-auth/plugins/generic-oauth"
import { z } from "zod"
import { askOutside } from "#server/outbound/index.ts"
import type { OidcConfig } from "./sign-in-config.ts"

export const OIDC = "oidc"

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

/** Both addresses are the provider's; what it answers is hostile input, and so is the second address. */
async function readUserInfo(config: OidcConfig, accessToken: string) {
  const ask = async (address: string, headers: Record<string, string>): Promise<unknown> => {
    const { status, body } = await askOutside({ url: new URL(address), headers })
    return status === 200 ? JSON.parse(body) : null
  }
  const known = discovered.parse(await ask(`${config.issuer}/.well-known/openid-configuration`, {}))
  if (known.issuer.replace(/\/$/, "") !== config.issuer || !known.userinfo_endpoint) return null
  return (
    claims.safeParse(await ask(known.userinfo_endpoint, { authorization: `Bearer ${accessToken}` })).data ??
    null
  )
}
