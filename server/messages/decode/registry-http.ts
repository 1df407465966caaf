import type { SchemaRegistryAccess } from "#server/brokers/broker.ts"
import { DomainError, messageOf } from "#server/errors.ts"
import { askOutside } from "#server/outbound/index.ts"

/** A schema with all that it needs may be large. */
const MAX_ANSWER_BYTES = 4 << 20

export interface RegistryAnswer {
  body: string
  headers: Record<string, string | string[] | undefined>
}

/** Asks a schema registry for something of which `what` are the words. Rejects with a DomainError. */
export type AskRegistry = (path: string, what: string) => Promise<RegistryAnswer>

/** Who asks below `url`, for at most `timeoutMs` each time. */
export function askRegistry(access: SchemaRegistryAccess, url: string, timeoutMs: number): AskRegistry {
  return async (path, what) => {
    const target = new URL(url.replace(/\/+$/, "") + path)
    const got = await fetchFrom(target, access, timeoutMs).catch((error: unknown) => {
      throw new DomainError("unreachable", `The schema registry could not be asked: ${messageOf(error)}.`)
    })
    if (got.status === 404) throw new DomainError("not_found", `The schema registry does not know ${what}.`)
    if (got.status === 401 || got.status === 403)
      throw new DomainError("refused_by_broker", "The schema registry refuses Signalbox's user.")
    if (got.status !== 200)
      throw new DomainError("unreachable", `The schema registry answered ${got.status} for ${what}.`)
    return got
  }
}

function fetchFrom(
  url: URL,
  { username, password, ca, verify }: SchemaRegistryAccess,
  timeoutMs: number,
): Promise<RegistryAnswer & { status: number }> {
  const credentials = Buffer.from(`${username}:${password ?? ""}`).toString("base64")
  return askOutside({
    url,
    headers: {
      accept: "application/vnd.schemaregistry.v1+json, application/json, */*",
      ...(username ? { authorization: `Basic ${credentials}` } : {}),
    },
    tls: { ca, verify },
    timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
  })
}
