import { createHash } from "node:crypto"
import { z } from "zod"
import { text } from "#server/inputs.ts"
import type { Channel, Pictures } from "../channel.ts"
import type { Notification } from "../notification.ts"
import { plainText, present, type Shown, shorten } from "../present.ts"
import { type Charts, htmlOf } from "./html.ts"
import { deliverMail, type Server } from "./smtp.ts"

const MAX_HOST = 253
const MAX_CREDENTIAL = 500
const MAX_CA = 50_000
const MAX_RECIPIENTS = 50
/** 254 characters each, and what separates them. */
const MAX_TO = MAX_RECIPIENTS * 256
/** What mail programs show of a subject in a list, and more. */
const MAX_SUBJECT = 200
/** A notification has no more. */
const MAX_ALERTS = 50
const MAX_CHARTS = 5
const MAX_PORT = 65_535

const recipients = text(MAX_TO)
  .transform((list) => list.split(/[\s,;]+/).filter((one) => one !== ""))
  .refine(
    (list) =>
      list.length > 0 &&
      list.length <= MAX_RECIPIENTS &&
      list.every((one) => z.email().safeParse(one).success),
    `Enter 1 to ${MAX_RECIPIENTS} addresses, separated by commas.`,
  )
  .transform((list) => list.join(", "))

const settings = z
  .strictObject({
    host: z
      .string()
      .max(MAX_HOST)
      .regex(/^[a-z0-9._:-]+$/i, "Enter a host name or an address, without a scheme and a port."),
    port: z.number().int().min(1).max(MAX_PORT).default(587),
    security: z.enum(["starttls", "tls", "none"]).default("starttls"),
    ca: text(MAX_CA).default(""),
    username: text(MAX_CREDENTIAL).default(""),
    password: text(MAX_CREDENTIAL).default(""),
    from: z.email("Enter one address, such as signalbox@example.com."),
    to: recipients,
  })
  .refine(({ security, username, password }) => security !== "none" || (username === "" && password === ""), {
    path: ["security"],
    message: "A password is only sent over an encrypted connection: choose STARTTLS or TLS.",
  })

type Settings = z.output<typeof settings>

/** Email by SMTP, as text and HTML with charts. The mails about one group of alerts are one thread. */
export const email: Channel<Settings> = {
  kind: "email",
  label: "Email",
  settings,
  fields: [
    {
      name: "host",
      label: "SMTP host",
      help: "The mail server that takes mail for your addresses.",
      kind: "text",
      placeholder: "smtp.example.com",
      receivesSecrets: true,
    },
    {
      name: "port",
      label: "Port",
      help: "587 for STARTTLS, 465 for TLS, 25 for a relay.",
      kind: "number",
      initial: "587",
      receivesSecrets: true,
    },
    {
      name: "security",
      label: "Encryption",
      help: "With STARTTLS and TLS nothing is sent before the connection is encrypted and the certificate verified.",
      kind: "select",
      options: [
        { value: "starttls", label: "STARTTLS" },
        { value: "tls", label: "TLS" },
        { value: "none", label: "None" },
      ],
    },
    {
      name: "ca",
      label: "CA certificates",
      help: "PEM, for a mail server whose certificate a private authority signed. Empty: the public ones.",
      kind: "multiline",
      when: { field: "security", is: ["starttls", "tls"] },
    },
    {
      name: "username",
      label: "User name",
      help: "Empty: the server takes mail without signing in.",
      kind: "text",
      when: { field: "security", is: ["starttls", "tls"] },
    },
    {
      name: "password",
      label: "Password",
      help: "Of this user, or an app password.",
      kind: "secret",
      when: { field: "security", is: ["starttls", "tls"] },
    },
    {
      name: "from",
      label: "From",
      help: "The sender's address, which the server must allow.",
      kind: "text",
      placeholder: "signalbox@example.com",
    },
    {
      name: "to",
      label: "To",
      help: `Up to ${MAX_RECIPIENTS} addresses, separated by commas.`,
      kind: "text",
      placeholder: "oncall@example.com",
    },
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: async (chosen, notification, pictures) => {
    const shown = present(notification, MAX_ALERTS)
    const charts = await attachedTo(notification, pictures)
    return deliverMail(serverOf(chosen), mailOf(chosen, { notification, shown, charts }))
  },
}

function serverOf({ host, port, security, ca, username, password }: Settings): Server {
  return { host, port, security, ca: ca || null, login: username === "" ? null : { username, password } }
}

/** The charts of the first alerts, by their place among them. Parts of a mail name one another by `cid` (RFC 2392). */
async function attachedTo({ id, alerts }: Notification, pictures?: Pictures): Promise<Charts> {
  const charts: Charts = new Map()
  if (!pictures) return charts
  for (const [place, alert] of alerts.slice(0, MAX_CHARTS).entries()) {
    const picture = await pictures(alert)
    if (picture) charts.set(place, { ...picture, cid: `chart-${place}.${id}@signalbox` })
  }
  return charts
}

interface Content {
  notification: Notification
  shown: Shown
  charts: Charts
}

function mailOf({ from, to }: Settings, { notification, shown, charts }: Content) {
  const domain = from.slice(from.lastIndexOf("@") + 1)
  const idOf = (name: string) => `<${createHash("sha256").update(name).digest("hex").slice(0, 32)}@${domain}>`
  const thread = idOf(notification.groupKey)
  return {
    from: { name: "Signalbox", address: from },
    to,
    subject: shorten(shown.title.replace(/\p{Cc}+/gu, " "), MAX_SUBJECT),
    text: plainText(shown),
    html: htmlOf(shown, charts),
    attachments: [...charts.values()].map(({ cid, png }, i) => ({
      ...{ cid, content: png, contentType: "image/png", filename: `chart-${i + 1}.png` },
      contentDisposition: "inline" as const,
    })),
    // The same for a notification that is delivered twice: mail servers drop the second.
    messageId: idOf(notification.id),
    ...(notification.kind === "test" ? {} : { inReplyTo: thread, references: thread }),
    headers: { "Auto-Submitted": "auto-generated" },
  }
}
