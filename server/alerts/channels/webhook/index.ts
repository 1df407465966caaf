import { createHmac } from "node:crypto"
import { z } from "zod"
import { text } from "#server/inputs.ts"
import { address } from "../address.ts"
import type { Channel } from "../channel.ts"
import { postJson } from "../http.ts"
import type { Notification } from "../notification.ts"
import { template, written } from "../template-field.ts"

const settings = z.strictObject({
  url: address,
  secret: text(500).default(""),
  template,
})

type Settings = z.output<typeof settings>

/** JSON to any address, signed like GitHub's webhooks. */
export const webhook: Channel<Settings> = {
  kind: "webhook",
  label: "Webhook",
  settings,
  fields: [
    {
      name: "url",
      label: "URL",
      help: "Where notifications are posted to, as JSON.",
      kind: "text",
      receivesSecrets: true,
    },
    {
      name: "secret",
      label: "Signing secret",
      help: "With it, the header Signalbox-Signature holds the HMAC of the body: sha256=…",
      kind: "secret",
    },
    {
      name: "template",
      label: "Body template",
      help: "A Liquid template over the notification, for receivers that want a body of their own. Empty: the notification itself.",
      kind: "multiline",
    },
  ],
  tellsAcknowledged: true,
  everyAlert: null,
  keepAliveMs: null,
  send: (chosen, notification) =>
    postJson({
      url: chosen.url,
      body: bodyOf(chosen, notification),
      headers: headersOf(chosen, notification),
      secrets: [chosen.secret],
    }),
}

function bodyOf({ template }: Settings, notification: Notification): string {
  return written(template, notification) ?? JSON.stringify(notification)
}

function headersOf(chosen: Settings, notification: Notification): Record<string, string> {
  const key = { "signalbox-notification": notification.id, "idempotency-key": notification.id }
  if (chosen.secret === "") return key
  const hmac = createHmac("sha256", chosen.secret).update(bodyOf(chosen, notification)).digest("hex")
  return { ...key, "signalbox-signature": `sha256=${hmac}` }
}
