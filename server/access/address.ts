import { subscribe } from "node:diagnostics_channel"
import type { IncomingMessage } from "node:http"
import { BlockList, isIP } from "node:net"
import { DomainError } from "#server/errors.ts"
import { addNetwork, hasAddress } from "#server/networks.ts"

/**
 * The addresses of one's own proxies ("10.0.0.7, 10.1.0.0/16, ::1"), whose x-forwarded-for is believed. Throws a
 * DomainError that names what is no address.
 */
export function parseProxies(text: string): BlockList {
  const list = new BlockList()
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part !== "" && !addNetwork(list, part))
      throw new DomainError(
        "bad_input",
        `SIGNALBOX_TRUSTED_PROXIES names ${part}, which is no address or network.`,
      )
  }
  return list
}

interface Hop {
  /** Who holds the other end of the connection. */
  remote: string
  forwarded: string | undefined
}

/**
 * The address of whoever asks: of what x-forwarded-for says, the last that no proxy of ours is. Behind no proxy the
 * header is anybody's claim, and only the connection counts. https://www.rfc-editor.org/rfc/rfc7239#section-8.1
 */
export function clientAddress(hop: Hop, proxies: BlockList): string {
  const claimed = (hop.forwarded ?? "").split(",").map((one) => plain(one.trim()))
  const chain = [...claimed.filter((one) => isIP(one) !== 0), plain(hop.remote)]
  return chain.findLast((address, i) => i === 0 || !hasAddress(proxies, address)) ?? plain(hop.remote)
}

/**
 * Writes the true address of whoever asks into x-forwarded-for, of every request to any server of this process, before
 * anything reads it. https://nodejs.org/api/diagnostics_channel.html#http
 */
export function settleAddresses(proxies: BlockList): void {
  subscribe("http.server.request.start", (message) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request
    const forwarded = headers["x-forwarded-for"]?.toString()
    headers["x-forwarded-for"] = clientAddress({ remote: socket.remoteAddress ?? "", forwarded }, proxies)
  })
}

/** The address a request came from, as the web role has settled it (server/roles/web.ts); null: not told. */
export function addressOf(headers: Headers): string | null {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || null
}

/** An IPv4 address that was written as IPv6, as a dual-stack socket does, without that. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "")
}

/** What one owner holds of an address: all of an IPv4 one, the /64 network of an IPv6 one, which anybody gets whole. */
export function networkOf(address: string): string {
  const own = plain(address)
  if (isIP(own) !== 6) return own
  const [head = "", tail = ""] = own.split("::")
  const left = head.split(":").filter(Boolean)
  const right = tail.split(":").filter(Boolean)
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0")
  const groups = own.includes("::") ? [...left, ...zeros, ...right] : left
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`
}
