import { z } from "zod"
import { DomainError, isDomainError } from "#server/errors.ts"
import { askOutside } from "#server/outbound/index.ts"

const answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().default(300),
})

/** The part of a connection that says how its bearer tokens are got. */
export interface OAuthSettings {
  token?: string | undefined
  tokenEndpoint?: string | undefined
  clientId?: string | undefined
  clientSecret?: string | undefined
  scope?: string | undefined
}

/**
 * Gives the bearer token: the fixed one, or one by the client-credentials grant (RFC 6749 section 4.4), kept until
 * four fifths of its life have passed. Connections that ask at once share one request.
 */
export function oauthToken(connection: OAuthSettings): () => Promise<string> {
  let cached: { token: string; until: number } | null = null
  let underWay: Promise<string> | null = null
  const renew = async () => {
    const grant = await requestToken(connection)
    cached = { token: grant.access_token, until: Date.now() + grant.expires_in * 800 }
    return cached.token
  }
  return async () => {
    if (connection.token) return connection.token
    if (cached && Date.now() < cached.until) return cached.token
    underWay ??= renew().finally(() => {
      underWay = null
    })
    return underWay
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function requestToken(connection: OAuthSettings): Promise<z.output<typeof answer>> {
  const endpoint = connection.tokenEndpoint ?? ""
  const credentials = Buffer.from(`${connection.clientId}:${connection.clientSecret}`).toString("base64")
  const body = new URLSearchParams({ grant_type: "client_credentials" })
  if (connection.scope) body.set("scope", connection.scope)
  const { status, body: text } = await askOutside({
    url: new URL(endpoint),
    method: "POST",
    headers: {
      authorization: `Basic ${credentials}`,
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
    },
    body: body.toString(),
  }).catch((cause: unknown) => {
    if (isDomainError(cause)) throw cause
    const advice = "Check its address and the network between."
    throw new DomainError("unreachable", `The token endpoint ${endpoint} did not answer. ${advice}`, {
      cause,
    })
  })
  if (status < 200 || status > 299) {
    // Credentials go to the address that was entered, and nowhere else.
    const advice =
      status >= 300 && status < 400
        ? "Redirects are not followed: enter the address it leads to."
        : "Check the client id, the client secret and the scope."
    throw new DomainError("refused_by_broker", `The token endpoint ${endpoint} answered ${status}. ${advice}`)
  }
  const grant = answer.safeParse(readJson(text))
  if (grant.success) return grant.data
  const wants =
    "Signalbox expects JSON with access_token and expires_in (RFC 6749): check that this is the token endpoint."
  throw new DomainError(
    "refused_by_broker",
    `The token endpoint ${endpoint} answered without a token. ${wants}`,
  )
}
