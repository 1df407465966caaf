import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { Agent as HttpsAgent, request as httpsRequest } from "node:https"
import { isIP } from "node:net"
import { DomainError } from "#server/errors.ts"
import { ownPolicy, pinned, refuse } from "./guard.ts"
import type { OutboundPolicy } from "./policy.ts"

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 65_536

interface OutboundRequest {
  /** http or https. */
  url: URL
  method?: "GET" | "POST"
  headers?: Readonly<Record<string, string>>
  body?: string
  /** CA certificates (PEM) instead of the usual ones; whether the server's certificate is verified at all. */
  tls?: { ca?: string | null; verify?: boolean }
  /** Of the whole exchange, in ms; 10,000 by default. */
  timeoutMs?: number
  /** Of the answer's body; 64 kB by default. */
  maxBytes?: number
}

interface OutboundAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * The one way of HTTP to an address that somebody entered: a token endpoint, a schema registry, a webhook. Redirects are
 * answers like any other and are not followed, the answer and the time are bounded, and the connection goes to the very
 * address that the policy let through, whatever the name resolves to a moment later. Rejects with `forbidden` where the
 * policy refuses the target (SIGNALBOX_HTTP_TARGETS, SIGNALBOX_HTTP_PRIVATE), and else with the network's error.
 */
export async function askOutside(
  asked: OutboundRequest,
  policy: OutboundPolicy = ownPolicy(),
): Promise<OutboundAnswer> {
  const { url, method = "GET", headers = {}, body, tls = {}, timeoutMs = TIMEOUT_MS } = asked
  const secure = url.protocol === "https:"
  if (!secure && url.protocol !== "http:")
    throw new DomainError("forbidden", `${url.protocol} is not spoken: only http and https are.`)
  const host = url.hostname.replace(/^\[|\]$/g, "")
  // A host that is an address is never looked up.
  if (isIP(host) !== 0) refuse(policy, host, [{ address: host, family: isIP(host) }])
  const most = asked.maxBytes ?? MAX_ANSWER_BYTES
  const options = {
    method,
    headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
    signal: AbortSignal.timeout(timeoutMs),
    lookup: pinned(policy),
    agent: agentFor(policy, secure),
    ...(secure ? { rejectUnauthorized: tls.verify ?? true, ...(tls.ca ? { ca: tls.ca } : {}) } : {}),
  }
  return new Promise((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > most) sent.destroy(new Error(`${host} answered with more than ${most} bytes`))
        else chunks.push(chunk)
      })
      response.on("end", () => {
        const { statusCode = 0, headers } = response
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString("utf8") })
      })
      response.on("error", reject)
    })
    sent.on("error", reject)
    sent.end(body)
  })
}

interface Agents {
  http: HttpAgent
  https: HttpsAgent
}

/** Connections are kept, but never by a name alone: under another policy the same name may not be asked. */
const agents = new WeakMap<OutboundPolicy, Agents>()

function agentFor(policy: OutboundPolicy, secure: boolean): HttpAgent {
  const known = agents.get(policy) ?? {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  }
  agents.set(policy, known)
  return secure ? known.https : known.http
}
