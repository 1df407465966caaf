import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import type { SchemaRegistryAccess } from "#server/brokers/broker.ts"
import { DomainError, messageOf } from "#server/errors.ts"

const MAX_ANSWER = 4 << 20

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
  target: URL,
  { username, password, ca, verify }: SchemaRegistryAccess,
  timeoutMs: number,
): Promise<RegistryAnswer & { status: number }> {
  const secure = target.protocol === "https:"
  const options = {
    headers: { accept: "application/vnd.schemaregistry.v1+json, application/json, */*" },
    signal: AbortSignal.timeout(timeoutMs),
    ...(username ? { auth: `${username}:${password ?? ""}` } : {}),
    ...(secure ? { rejectUnauthorized: verify, ...(ca ? { ca } : {}) } : {}),
  }
  return new Promise((resolve, reject) => {
    const asked = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on("data", (chunk: Buffer) => {
        size += chunk.length
        if (size > MAX_ANSWER) asked.destroy(new Error("its answer is too large"))
        chunks.push(chunk)
      })
      response.on("end", () => {
        const { statusCode, headers } = response
        resolve({ status: statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8"), headers })
      })
      response.on("error", reject)
    })
    asked.on("error", reject)
    asked.end()
  })
}
