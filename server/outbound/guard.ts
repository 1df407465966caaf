import { type LookupAddress, lookup } from "node:dns"
import type { LookupFunction } from "node:net"
import { DomainError } from "#server/errors.ts"
import { type OutboundPolicy, readOutboundPolicy, refusalOf } from "./policy.ts"

let kept: OutboundPolicy | null = null

/** The policy of the environment, read once. */
export function ownPolicy(): OutboundPolicy {
  kept ??= readOutboundPolicy(process.env)
  return kept
}

/** Resolves a name once, for this connection: to those of its addresses that the policy lets through. */
export function pinned(policy: OutboundPolicy): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      try {
        const allowed = refuse(policy, host, found)
        const [first] = allowed
        if (options.all) done(null, allowed)
        else done(null, first?.address ?? "", first?.family)
      } catch (refused) {
        done(refused instanceof Error ? refused : new Error(String(refused)), [])
      }
    })
  }
}

/** Those that may be asked. Throws `forbidden` when none may be. */
export function refuse(
  policy: OutboundPolicy,
  host: string,
  found: readonly LookupAddress[],
): LookupAddress[] {
  const judged = found.map((one) => ({ one, why: refusalOf(policy, host, one.address) }))
  const allowed = judged.filter(({ why }) => why === null).map(({ one }) => one)
  const [first] = judged
  if (allowed.length > 0 || !first) return allowed
  const what = first.one.address === host ? host : `${host} (${first.one.address})`
  throw new DomainError("forbidden", `Signalbox does not ask ${what}: it ${first.why}.`)
}
