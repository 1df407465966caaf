import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it } from "vitest"
import { addressOf, clientAddress, parseProxies, settleAddresses } from "#server/access/address.ts"

const proxies = parseProxies("10.0.0.0/8, 192.0.2.1, fd00::/8")

describe("the address of whoever asks", () => {
  it.each([
    ["203.0.113.5", undefined, "203.0.113.5", "no proxy"],
    ["203.0.113.5", "198.51.100.1", "203.0.113.5", "a claim of somebody who is no proxy of ours"],
    ["10.0.0.7", "198.51.100.1", "198.51.100.1", "one proxy of ours"],
    ["10.0.0.7", "1.1.1.1, 198.51.100.1, 192.0.2.1", "198.51.100.1", "two of ours behind a claim"],
    ["::ffff:10.0.0.7", "2001:db8::1", "2001:db8::1", "IPv4 written as IPv6"],
    ["fd00::1", "198.51.100.1", "198.51.100.1", "a proxy with IPv6"],
    ["10.0.0.7", "10.0.0.9", "10.0.0.9", "somebody inside, by the proxy"],
    ["10.0.0.7", "unknown, <script>", "10.0.0.7", "nonsense"],
  ])("%s with %s is %s: %s", (remote, forwarded, expected, _because) => {
    expect(clientAddress({ remote, forwarded }, proxies)).toBe(expected)
  })

  it("is what the web role wrote into the header", () => {
    expect(addressOf(new Headers({ "x-forwarded-for": "203.0.113.5" }))).toBe("203.0.113.5")
    expect(addressOf(new Headers())).toBeNull()
  })
})

it("is settled before a server's handler reads the request", async () => {
  settleAddresses(parseProxies("192.0.2.1"))
  const server = createServer((request, response) => response.end(request.headers["x-forwarded-for"]))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const said = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${port}`, { headers })).text()
  expect(await said({})).toBe("127.0.0.1")
  expect(await said({ "x-forwarded-for": "198.51.100.1" })).toBe("127.0.0.1")
  server.closeAllConnections()
  server.close()
})

it.each(["nonsense", "10.0.0.0/33", "10.0.0.1/x", "::1/200"])(
  "the setting %s is refused with its name",
  (text) => {
    expect(() => parseProxies(text)).toThrow(/SIGNALBOX_TRUSTED_PROXIES/)
  },
)
