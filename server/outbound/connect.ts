import { connect, isIP, type Socket } from "node:net"
import { ownPolicy, pinned, refuse } from "./guard.ts"
import type { OutboundPolicy } from "./policy.ts"

const TIMEOUT_MS = 10_000

interface Target {
  /** A name or an address, without brackets. */
  host: string
  port: number
  /** Of the name resolution and the connection together, in ms; 10,000 by default. */
  timeoutMs?: number
}

/**
 * A TCP connection to a host that somebody entered, for protocols other than HTTP. It goes to the very address that the
 * policy let through. Rejects with `forbidden` where the policy refuses the target, and else with the network's error.
 */
export async function connectOutside(
  { host, port, timeoutMs = TIMEOUT_MS }: Target,
  policy: OutboundPolicy = ownPolicy(),
): Promise<Socket> {
  // A host that is an address is never looked up.
  if (isIP(host) !== 0) refuse(policy, host, [{ address: host, family: isIP(host) }])
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: pinned(policy) })
    const late = () => socket.destroy(new Error(`${host}:${port} did not answer within ${timeoutMs} ms`))
    const timer = setTimeout(late, timeoutMs)
    socket.once("error", reject)
    socket.once("close", () => clearTimeout(timer))
    socket.once("connect", () => {
      clearTimeout(timer)
      socket.off("error", reject)
      resolve(socket)
    })
  })
}
