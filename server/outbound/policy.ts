import { BlockList, isIP } from "node:net"
import { z } from "zod"
import { DomainError } from "#server/errors.ts"
import { addNetwork, hasAddress } from "#server/networks.ts"

/** Where HTTP requests to addresses that people entered may go. */
export interface OutboundPolicy {
  /** What was listed: names ("*.example.com") and networks; null: everything that `private` lets through. */
  listed: { names: readonly RegExp[]; networks: BlockList } | null
  /** Whether addresses of private networks may be asked that are not listed. */
  private: "allow" | "refuse"
}

const environment = z.object({
  SIGNALBOX_HTTP_TARGETS: z.string().default(""),
  SIGNALBOX_HTTP_PRIVATE: z.enum(["allow", "refuse"]).default("allow"),
})

/** The variables of the environment that are read here. */
export const OUTBOUND_VARIABLES = Object.keys(environment.shape)

/** The policy of the environment. Throws a DomainError that names what cannot be read. */
export function readOutboundPolicy(env: NodeJS.ProcessEnv): OutboundPolicy {
  const parsed = environment.safeParse(env)
  if (!parsed.success) throw new DomainError("bad_input", "SIGNALBOX_HTTP_PRIVATE must be allow or refuse.")
  const { SIGNALBOX_HTTP_TARGETS: targets, SIGNALBOX_HTTP_PRIVATE } = parsed.data
  return { listed: readTargets(targets), private: SIGNALBOX_HTTP_PRIVATE }
}

/** A host name, with `*` for any part of it. */
const NAME = /^[a-z0-9*]([a-z0-9.*_-]*[a-z0-9*])?$/i

function readTargets(text: string): OutboundPolicy["listed"] {
  const parts = text.split(",").flatMap((part) => part.trim() || [])
  if (parts.length === 0) return null
  const networks = new BlockList()
  const names: RegExp[] = []
  for (const part of parts) {
    if (addNetwork(networks, part)) continue
    // What has no letter was meant as a network.
    if (!NAME.test(part) || !/[a-z*]/i.test(part))
      throw new DomainError(
        "bad_input",
        `SIGNALBOX_HTTP_TARGETS names ${part}, which is no host name, address or network.`,
      )
    names.push(new RegExp(`^${part.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i"))
  }
  return { names, networks }
}

/** Why an address of this host may not be asked, in the second half of a sentence; null: it may be. */
export function refusalOf(policy: OutboundPolicy, host: string, address: string): string | null {
  if (policy.listed && hasAddress(policy.listed.networks, address)) return null
  if (isIP(address) === 0) return "is no address"
  // Cloud providers hand out credentials there, to whoever can ask: it takes the address itself in the list.
  if (hasAddress(NEVER, address)) return "is a link-local or special address"
  if (policy.listed?.names.some((name) => name.test(host))) return null
  if (policy.listed) return "is not in SIGNALBOX_HTTP_TARGETS"
  if (policy.private === "refuse" && hasAddress(PRIVATE, address))
    return "is a private address, and SIGNALBOX_HTTP_PRIVATE refuses those"
  return null
}

/**
 * https://www.iana.org/assignments/iana-ipv4-special-registry, and the same of IPv6, with 169.254.0.0/16 in each way that
 * IPv6 has for IPv4; and the addresses at which Alibaba, Azure and AWS hand out credentials.
 */
const NEVER = networks(
  ...["0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  ...[
    "::",
    "fe80::/10",
    "ff00::/8",
    "64:ff9b::a9fe:0/112",
    "::a9fe:0/112",
    "::ffff:0:a9fe:0/112",
    "2002:a9fe::/32",
  ],
  ...["100.100.100.200", "168.63.129.16", "fd00:ec2::254"],
)
const PRIVATE = networks(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "198.18.0.0/15"],
  ...["::/96", "::ffff:0:0:0/96", "fc00::/7", "fec0::/10"],
  ...["64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"],
)

function networks(...parts: string[]): BlockList {
  const list = new BlockList()
  for (const part of parts) addNetwork(list, part)
  return list
}
