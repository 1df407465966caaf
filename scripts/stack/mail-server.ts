import type { AddressInfo } from "node:net"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"

interface Mail {
  from: string
  to: readonly string[]
  /** Whether the connection was encrypted when it came. */
  encrypted: boolean
  user: string | undefined
  headers: Readonly<Record<string, string>>
  /** By their media type, decoded. */
  parts: Readonly<Record<string, string>>
  /** What the HTML shows, by its Content-ID. */
  attached: Readonly<Record<string, Buffer>>
}

export interface MailServer extends AsyncDisposable {
  readonly port: number
  /** What it took, in order. */
  readonly mails: Mail[]
  /** What clients said to sign in, also when it was wrong. */
  readonly logins: string[]
}

export const USER = "signalbox"
export const PASSWORD = "s3cret-pass word"

/** An SMTP server of the test's own that lets in one user, and only over TLS. */
export async function startMailServer(options: SMTPServerOptions): Promise<MailServer> {
  const mails: Mail[] = []
  const logins: string[] = []
  const server = new SMTPServer({
    disableReverseLookup: true,
    closeTimeout: 0,
    onAuth({ username, password }, _, done) {
      logins.push(`${username}:${password}`)
      if (username === USER && password === PASSWORD) return done(null, { user: username })
      // Some servers quote what they were sent.
      done(Object.assign(new Error(`5.7.8 no user ${username} ${password}`), { responseCode: 535 }))
    },
    onData(stream, session, done) {
      stream.toArray().then((chunks: Buffer[]) => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          encrypted: session.secure,
          user: session.user,
          ...readMail(Buffer.concat(chunks).toString("latin1")),
        })
        done(null, "queued as 1")
      }, done)
    },
    ...options,
  })
  // A client that turns away while TLS is negotiated.
  server.on("error", () => undefined)
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    logins,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** Of a mail as it came (RFC 5322, and RFC 2046 for its parts, also those within parts). */
function readMail(source: string): Pick<Mail, "headers" | "parts" | "attached"> {
  const mail = split(source)
  const leaves = leavesOf(mail)
  return {
    headers: mail.headers,
    parts: Object.fromEntries(leaves.map((part) => [mediaTypeOf(part.headers), decoded(part)])),
    attached: Object.fromEntries(
      leaves.flatMap(({ headers, body }) => {
        const id = headers["content-id"]
        return id === undefined ? [] : [[id, Buffer.from(body, "base64")]]
      }),
    ),
  }
}

function leavesOf(part: Part): Part[] {
  const boundary = /boundary="([^"]+)"/.exec(part.headers["content-type"] ?? "")?.[1]
  if (boundary === undefined) return [part]
  const parts = part.body.split(`--${boundary}`).slice(1, -1)
  return parts.flatMap((one) => leavesOf(split(one.replace(/^\r\n/, "").replace(/\r\n$/, ""))))
}

const mediaTypeOf = (headers: Readonly<Record<string, string>>) =>
  (headers["content-type"] ?? "").split(";")[0] ?? ""

interface Part {
  headers: Record<string, string>
  body: string
}

function split(source: string): Part {
  const end = source.indexOf("\r\n\r\n")
  const lines = source
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n")
  const headers = lines.map((line) => {
    const colon = line.indexOf(":")
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: Object.fromEntries(headers), body: source.slice(end + 4) }
}

function decoded({ headers, body }: Part): string {
  const bytes = (text: string) => Buffer.from(text, "latin1").toString("utf8")
  switch (headers["content-transfer-encoding"]) {
    case "base64":
      return Buffer.from(body, "base64").toString("utf8")
    case "quoted-printable":
      return bytes(
        body
          .replaceAll("=\r\n", "")
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      )
    default:
      return bytes(body)
  }
}
