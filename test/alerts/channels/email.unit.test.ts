import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { makeCertificates } from "#scripts/stack/kafka/certificates.ts"
import { PASSWORD, startMailServer, USER } from "#scripts/stack/mail-server.ts"
import { DeliveryError } from "#server/alerts/channels/channel.ts"
import { email } from "#server/alerts/channels/email/index.ts"
import type { Notification } from "#server/alerts/channels/notification.ts"
import { listening } from "#test/brokers/listening.ts"
import { SAMPLES, sampleAlert, sampleNotification } from "./samples.ts"

let folder: string
let ca: string
let identity: { key: string; cert: string }

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "signalbox-mail-"))
  const { ca: authority, files } = await makeCertificates(folder)
  const pem = await readFile(files.serverKeyStore, "utf8")
  ca = authority
  identity = { key: pem, cert: pem.slice(pem.indexOf("-----BEGIN CERTIFICATE-----")) }
}, 60_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const settingsFor = (port: number, over: Record<string, unknown> = {}) => ({
  host: "localhost",
  port,
  security: "starttls",
  ca,
  username: USER,
  password: PASSWORD,
  from: "signalbox@example.com",
  to: "ada@example.com, oncall@example.com",
  ...over,
})
const send = (settings: Record<string, unknown>, notification: Notification = sampleNotification()) =>
  email.send(email.settings.parse(settings), notification)
const failureOf = async (sent: Promise<unknown>) => {
  const error = await sent.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (error instanceof DeliveryError) return error
  throw new Error("It was delivered, or failed as something else.", { cause: error })
}

it("signs in after STARTTLS only, and sends text and HTML", async () => {
  await using server = await startMailServer(identity)
  const { answer } = await send(settingsFor(server.port))
  expect(answer).toMatch(/^250 /)
  const [mail] = server.mails
  expect(mail).toMatchObject({
    from: "signalbox@example.com",
    to: ["ada@example.com", "oncall@example.com"],
    encrypted: true,
    user: USER,
    headers: {
      from: "Signalbox <signalbox@example.com>",
      subject: "Firing: billing is stopped with 12,034 messages unread.",
      "auto-submitted": "auto-generated",
    },
  })
  expect(mail?.headers["content-type"]).toMatch(/^multipart\/alternative;/)
  expect(mail?.parts["text/plain"]).toContain("Critical: billing is stopped with 12,034 messages unread.")
  expect(mail?.parts["text/html"]).toContain("<strong>Critical</strong>: billing is stopped")
  expect(mail?.parts["text/html"]).toContain('href="https://runbooks.example.com/stopped?a=1&amp;b=2"')
})

it("brings the charts of its first alerts along, and the same mail without them where none can be drawn", async () => {
  await using server = await startMailServer(identity)
  const chosen = email.settings.parse(settingsFor(server.port))
  const alerts = Array.from({ length: 8 }, (_, i) => sampleAlert({ fingerprint: `f${i}` }))
  const png = Buffer.from("89504e470d0a1a0a", "hex")
  const drawn = { png, width: 560, height: 120, description: 'Lag over 2 hours: 12,034; "a" & <b>.' }
  const pictures = async ({ fingerprint }: { fingerprint: string }) => (fingerprint === "f1" ? null : drawn)
  await email.send(chosen, sampleNotification({ alerts }), pictures)
  await email.send(chosen, sampleNotification({ alerts }), async () => null)
  const [mail, plain] = server.mails
  expect(mail?.headers["content-type"]).toMatch(/^multipart\/alternative;/)
  const shown = [...(mail?.parts["text/html"] ?? "").matchAll(/<img src="cid:([^"]+)"[^>]*alt="([^"]+)"/g)]
  expect(shown.map(([, cid]) => `<${cid}>`)).toEqual(Object.keys(mail?.attached ?? {}))
  expect(shown.map(([, , alt]) => alt)).toEqual(
    Array(4).fill("Lag over 2 hours: 12,034; &quot;a&quot; &amp; &lt;b&gt;."),
  )
  expect(Object.values(mail?.attached ?? {})).toEqual(Array(4).fill(png))
  expect(plain?.attached).toEqual({})
  expect(plain?.parts["text/html"]).not.toContain("<img")
})

it("takes TLS from the first byte, and a relay without any", async () => {
  await using secure = await startMailServer({ ...identity, secure: true })
  await send(settingsFor(secure.port, { security: "tls" }))
  expect(secure.mails).toMatchObject([{ encrypted: true, user: USER }])
  await using relay = await startMailServer({ disabledCommands: ["STARTTLS", "AUTH"] })
  await send(settingsFor(relay.port, { security: "none", username: "", password: "" }))
  expect(relay.mails).toMatchObject([{ encrypted: false }])
})

it("says nothing to a server that does not encrypt, or whose certificate is another's", async () => {
  await using open = await startMailServer({ disabledCommands: ["STARTTLS"], allowInsecureAuth: true })
  expect((await failureOf(send(settingsFor(open.port)))).message).toContain("STARTTLS")
  await using server = await startMailServer(identity)
  expect((await failureOf(send(settingsFor(server.port, { ca: "" })))).message).toMatch(/certificate/)
  expect([...open.mails, ...open.logins, ...server.mails, ...server.logins]).toEqual([])
})

it("gives up on a wrong password, and does not name it", async () => {
  await using server = await startMailServer(identity)
  const error = await failureOf(send(settingsFor(server.port, { password: "wr0ng-password" })))
  expect(error).toMatchObject({ retry: false })
  expect(error.message).toContain("535")
  expect(error.message).not.toContain("wr0ng-password")
  expect(server.logins).toEqual([`${USER}:wr0ng-password`])
})

it.each([
  [451, true],
  [421, true],
  [550, false],
])("tries again what is answered with %i: %s", async (responseCode, retry) => {
  await using server = await startMailServer({
    ...identity,
    onRcptTo: (_, __, done) => done(Object.assign(new Error("no"), { responseCode })),
  })
  expect(await failureOf(send(settingsFor(server.port)))).toMatchObject({ retry })
})

it("tells which recipients were refused when others were not", async () => {
  await using server = await startMailServer({
    ...identity,
    onRcptTo: ({ address }, _, done) =>
      done(address.startsWith("ada") ? Object.assign(new Error("unknown"), { responseCode: 550 }) : null),
  })
  const { answer } = await send(settingsFor(server.port))
  expect(answer).toContain("refused for ada@example.com")
  expect(server.mails).toMatchObject([{ to: ["oncall@example.com"] }])
})

it("tries again what finds nobody, or is not answered at all", async () => {
  await using silent = await listening(createServer(() => undefined))
  expect(await failureOf(send(settingsFor(silent.port)))).toMatchObject({ retry: true })
  const { port } = silent
  await silent[Symbol.asyncDispose]()
  expect(await failureOf(send(settingsFor(port)))).toMatchObject({ retry: true })
}, 60_000)

it("connects to no address that the outbound policy refuses", async () => {
  const error = await failureOf(send(settingsFor(25, { host: "169.254.169.254" })))
  expect(error).toMatchObject({ retry: false })
  expect(error.message).toContain("link-local")
})

it.each(Object.keys(SAMPLES))("is mail that can be read: %s", async (name) => {
  await using server = await startMailServer(identity)
  await send(settingsFor(server.port), SAMPLES[name])
  const html = server.mails[0]?.parts["text/html"] ?? ""
  expect(html).toMatch(/^<!doctype html>/)
  expect(html).not.toMatch(/<(?!\/?(html|head|meta|title|body|div|h1|p|strong|a)\b|!doctype)/)
  expect(server.mails[0]?.headers.subject).not.toBe("")
})

it("puts no header of its own making into a mail", async () => {
  await using server = await startMailServer(identity)
  const title = "Firing: a\r\nBcc: evil@example.com\r\n\r\nbody"
  await send(
    settingsFor(server.port),
    sampleNotification({ title, alerts: [sampleAlert({ sentence: title })] }),
  )
  expect(server.mails[0]?.headers.bcc).toBeUndefined()
  expect(server.mails[0]?.to).toHaveLength(2)
})

it("names the same notification alike, and the mails about one group as one thread", async () => {
  await using server = await startMailServer(identity)
  await send(settingsFor(server.port), sampleNotification({ id: "a" }))
  await send(settingsFor(server.port), sampleNotification({ id: "a" }))
  await send(settingsFor(server.port), sampleNotification({ id: "b" }))
  const [first, again, other] = server.mails.map(({ headers }) => headers)
  expect(again?.["message-id"]).toBe(first?.["message-id"])
  expect(other?.["message-id"]).not.toBe(first?.["message-id"])
  expect(other?.references).toBe(first?.references)
  expect(first?.references).toMatch(/^<[0-9a-f]{32}@example\.com>$/)
})

it("refuses settings that cannot mean anything", () => {
  const valid = (over: Record<string, unknown>) => email.settings.safeParse(settingsFor(587, over)).success
  expect(valid({})).toBe(true)
  expect(valid({ host: "smtp://mail.example.com" })).toBe(false)
  expect(valid({ host: "mail.example.com:587" })).toBe(true)
  expect(valid({ to: "" })).toBe(false)
  expect(valid({ to: "ada" })).toBe(false)
  expect(valid({ from: "Signalbox <a@b.example>" })).toBe(false)
  expect(valid({ security: "none" })).toBe(false)
  expect(valid({ port: 70_000 })).toBe(false)
})
