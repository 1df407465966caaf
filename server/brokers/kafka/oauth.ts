import { z } from "zod"
import { DomainError } from "../../errors.ts"
import type { KafkaConnection } from "./connection.ts"

const answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(300) })

/**
 * Gives the bearer token: the fixed one, or one by the client-credentials grant (RFC 6749 section 4.4), kept until
 * four fifths of its life have passed.
 */
export function oauthToken(connection: KafkaConnection): () => Promise<string> {
  let cached: { token: string; until: number } | null = null
  return async () => {
    if (connection.token) return connection.token
    if (cached && Date.now() < cached.until) return cached.token
    const grant = await requestToken(connection)
    cached = { token: grant.access_token, until: Date.now() + grant.expires_in * 800 }
    return cached.token
  }
}

async function requestToken(connection: KafkaConnection): Promise<z.output<typeof answer>> {
  const endpoint = connection.tokenEndpoint ?? ""
  const credentials = Buffer.from(`${connection.clientId}:${connection.clientSecret}`).toString("base64")
  const body = new URLSearchParams({ grant_type: "client_credentials" })
  if (connection.scope) body.set("scope", connection.scope)
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${credentials}` },
    body,
    signal: AbortSignal.timeout(5000),
  }).catch((cause: unknown) => {
    throw new DomainError("unreachable", `The token endpoint ${endpoint} does not answer.`, { cause })
  })
  if (!response.ok) {
    const advice = "Check the client id, the client secret and the scope."
    throw new DomainError(
      "refused_by_broker",
      `The token endpoint ${endpoint} answered ${response.status}. ${advice}`,
    )
  }
  return answer.parse(await response.json())
}
