import { type BlockList, isIP } from "node:net"

/** Adds an address or a network ("10.0.0.7", "10.1.0.0/16", "::1") to the list. Answers false when it is neither. */
export function addNetwork(list: BlockList, text: string): boolean {
  const [address = "", bits, ...more] = text.split("/")
  const family = familyOf(address)
  const most = family === "ipv6" ? 128 : 32
  const prefix = bits === undefined ? most : Number(bits)
  if (isIP(address) === 0 || more.length > 0 || bits === "") return false
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return false
  list.addSubnet(address, prefix, family)
  return true
}

/** Whether the list has this address. */
export function hasAddress(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, familyOf(address))
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4"
}
