import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Vault } from "#server/access/index.ts"
import { sealSettings } from "#server/alerts/channels/settings.ts"
import type { Store } from "#server/store/index.ts"
import { startMailServer } from "../stack/mail-server.ts"
import { startReceiver } from "../stack/receiver.ts"

/** Where the demo's notifications arrive: a receiver of webhooks and a mail server, and a page that shows what came. */
export interface Inbox extends AsyncDisposable {
  /** The page. */
  readonly url: string
  readonly hook: string
  readonly smtpPort: number
  /** The bodies that came by webhook, in order. */
  webhooks(): string[]
}

const SHOWN = 50

/** Starts the inbox on ports that the system chooses. */
export async function startInbox(): Promise<Inbox> {
  await using started = new AsyncDisposableStack()
  const receiver = started.use(await startReceiver())
  const mail = started.use(
    await startMailServer({ authOptional: true, disabledCommands: ["AUTH", "STARTTLS"] }),
  )
  const page = createServer((_, response) => {
    const hooks = receiver.received.map(({ at, body }) => ({
      title: new Date(at).toLocaleTimeString(),
      text: indented(body),
    }))
    const mails = mail.mails.map(({ headers, parts }) => ({
      title: headers.subject ?? "",
      text: parts["text/plain"] ?? "",
    }))
    response.setHeader("content-type", "text/html; charset=utf-8")
    response.end(pageOf({ Webhooks: hooks, Mail: mails }))
  })
  await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve))
  started.defer(async () => {
    page.closeAllConnections()
    await new Promise((resolve) => page.close(resolve))
  })
  const owned = started.move()
  return {
    url: `http://localhost:${(page.address() as AddressInfo).port}`,
    hook: `${receiver.url}/hook`,
    smtpPort: mail.port,
    webhooks: () => receiver.received.map(({ body }) => body),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Makes the inbox two channels of Signalbox; at the next start its ports are others, and the channels follow. */
export async function wireInbox(to: { store: Store; vault: Vault }, inbox: Inbox): Promise<void> {
  const mail = { host: "127.0.0.1", port: inbox.smtpPort, security: "none", from: "signalbox@demo.local" }
  const channels = [
    { id: "demo-webhook", name: "Demo webhook", kind: "webhook", settings: { url: inbox.hook } },
    { id: "demo-mail", name: "Demo mail", kind: "email", settings: { ...mail, to: "demo@signalbox.local" } },
  ]
  for (const { id, name, kind, settings } of channels) {
    const data = {
      name,
      kind,
      source: "page",
      settings: sealSettings(to.vault, id, settings),
      updatedBy: "demo",
    }
    await to.store.prisma.alertChannel.upsert({ where: { id }, create: { id, ...data }, update: data })
  }
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

function pageOf(sections: Readonly<Record<string, readonly { title: string; text: string }[]>>): string {
  const lists = Object.entries(sections).map(([name, all]) => {
    const items = all.slice(-SHOWN).reverse()
    const told = items.map(
      ({ title, text }) =>
        `<details><summary>${escapeHtml(title)}</summary><pre>${escapeHtml(text)}</pre></details>`,
    )
    return `<h2>${name} (${all.length})</h2>${told.join("") || "<p>Nothing yet.</p>"}`
  })
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox of the demo</title>
<style>body{font:16px system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
<h1>Inbox of the demo</h1><p>What Signalbox has sent. Load the page again for more.</p>${lists.join("")}</html>`
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
