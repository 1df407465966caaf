import { describe, expect, it } from "vitest"
import { readOutboundPolicy } from "#server/outbound/index.ts"
import { refusalOf } from "#server/outbound/policy.ts"

const policy = (settings: Record<string, string>) => readOutboundPolicy({ NODE_ENV: "test", ...settings })
const may = (settings: Record<string, string>, host: string, address: string) =>
  refusalOf(policy(settings), host, address) === null

describe("without settings", () => {
  it.each(["10.0.0.7", "127.0.0.1", "::1", "fd12::1", "192.0.2.1", "2606:4700::1"])("asks %s", (address) => {
    expect(may({}, "registry.test", address)).toBe(true)
  })

  it.each([
    ...["169.254.169.254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "fe80::1"],
    ...["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "ff02::1", "fd00:ec2::254", "100.100.100.200"],
    // The same addresses in the other ways that IPv6 has for IPv4, and Azure's.
    ...["::a9fe:a9fe", "::ffff:0:169.254.169.254", "2002:a9fe:a9fe::1", "168.63.129.16"],
  ])("does not ask %s", (address) => {
    expect(may({}, "registry.test", address)).toBe(false)
  })
})

it.each([
  "10.0.0.7",
  "172.31.0.1",
  "192.168.1.1",
  "127.8.8.8",
  "100.64.0.1",
  "::1",
  "fd12::1",
  "::ffff:10.0.0.7",
  "::10.0.0.7",
  "::ffff:0:10.0.0.7",
  "64:ff9b::a00:7",
  "fec0::1",
])("refuses private addresses where it is set, unless they are listed: %s", (address) => {
  const refuse = { SIGNALBOX_HTTP_PRIVATE: "refuse" }
  expect(may(refuse, "registry.test", address)).toBe(false)
  expect(may(refuse, "registry.test", "192.0.2.1")).toBe(true)
  expect(may({ ...refuse, SIGNALBOX_HTTP_TARGETS: "*.test" }, "registry.test", address)).toBe(true)
})

describe("with a list", () => {
  const listed = {
    SIGNALBOX_HTTP_TARGETS: "login.example.com, *.registry.example.com, 10.1.0.0/16, fd12::/16",
  }

  it.each([
    ["login.example.com", "192.0.2.1", true],
    ["LOGIN.example.com", "10.9.9.9", true],
    ["a.registry.example.com", "192.0.2.1", true],
    ["registry.example.com", "192.0.2.1", false],
    ["login.example.com.evil.test", "192.0.2.1", false],
    ["loginxexample.com", "192.0.2.1", false],
    ["anything.test", "10.1.2.3", true],
    ["anything.test", "::ffff:10.1.2.3", true],
    ["anything.test", "10.2.2.3", false],
    ["anything.test", "fd12::3", true],
    // Whoever rules the name must not lead Signalbox to the credentials of its machine.
    ["login.example.com", "169.254.169.254", false],
  ])("%s at %s: %s", (host, address, allowed) => {
    expect(may(listed, host, address)).toBe(allowed)
  })

  it("asks even a link-local address that is listed itself", () => {
    expect(may({ SIGNALBOX_HTTP_TARGETS: "169.254.1.1" }, "169.254.1.1", "169.254.1.1")).toBe(true)
  })
})

it.each(["10.0.0.0/33", "10.0.0.300", "http://example.com", "a b", "10.0.0.0/", "exa/mple"])(
  "names what it cannot read: %s",
  (part) => {
    expect(() => policy({ SIGNALBOX_HTTP_TARGETS: `ok.test, ${part}` })).toThrow(part)
    expect(() => policy({ SIGNALBOX_HTTP_PRIVATE: "no" })).toThrow("allow or refuse")
  },
)
