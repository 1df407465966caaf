import { createTransport, type SendMailOptions } from "nodemailer"
import { z } from "zod"
import { isDomainError, messageOf } from "#server/errors.ts"
import { connectOutside } from "#server/outbound/index.ts"
import { type Delivered, DeliveryError } from "../channel.ts"
import { hideSecrets } from "../secrets.ts"

/** Of the whole exchange. */
const TIMEOUT_MS = 10_000
const MAX_SHOWN = 300

export interface Server {
  host: string
  port: number
  /** starttls and tls: nothing is sent in the clear, and the certificate is verified. */
  security: "starttls" | "tls" | "none"
  /** CA certificates (PEM) instead of the public ones. */
  ca: string | null
  login: { username: string; password: string } | null
}

/**
 * Hands a mail to an SMTP server that the outbound policy lets through. It is delivered when the server accepts it for at
 * least one recipient. Throws a DeliveryError otherwise: replies of 5xx are final, those of 4xx are not (RFC 5321, 4.2.1).
 */
export async function deliverMail(server: Server, mail: SendMailOptions): Promise<Delivered> {
  const { host, port, security, ca, login } = server
  const transport = createTransport({
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(login ? { auth: { user: login.username, pass: login.password } } : {}),
    ...(ca === null ? {} : { tls: { ca } }),
    getSocket: (_, done) => {
      connectOutside({ host, port, timeoutMs: TIMEOUT_MS }).then(
        (connection) => done(null, { connection }),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
    },
    // A template or a name in an alert must never make the mailer read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const hidden = (text: string) => hideSecrets(text, secretsOf(login)).slice(0, MAX_SHOWN)
  try {
    const { response, rejected } = await transport.sendMail({
      ...mail,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const refused = rejected.length > 0 ? ` (refused for ${rejected.join(", ")})` : ""
    return { answer: hidden(`${response}${refused}`) }
  } catch (cause) {
    throw new DeliveryError(hidden(messageOf(cause)), { retry: mayRetry(cause), cause })
  }
}

const failure = z.object({ code: z.string().optional(), responseCode: z.number().optional() })
/** Said by the mailer itself, before the server had a say: it would say it again. */
const FINAL = ["EAUTH", "EENVELOPE", "EMESSAGE"]
const PERMANENT = 500

function mayRetry(cause: unknown): boolean {
  if (isDomainError(cause)) return cause.code !== "forbidden"
  const { code = "", responseCode } = failure.safeParse(cause).data ?? {}
  return responseCode === undefined ? !FINAL.includes(code) : responseCode < PERMANENT
}

/** The password, and as SMTP sends it, in case that the server's answer quotes the command. */
function secretsOf(login: Server["login"]): string[] {
  if (!login) return []
  const { username, password } = login
  return [password, `\0${username}\0${password}`].flatMap((one) => [one, Buffer.from(one).toString("base64")])
}
