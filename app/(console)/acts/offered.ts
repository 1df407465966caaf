import type { Permission } from "#server/access/index.ts"
import type { Capability } from "#server/brokers/capabilities.ts"

/** What a connection must be able to do for an act to make sense there; acts that are not named need nothing. */
const NEEDS: Partial<Record<Permission, Capability>> = {
  "destination.create": "admin",
  "destination.configure": "admin",
  "destination.empty": "admin",
  "destination.delete": "admin",
  "group.delete": "admin",
  "offsets.reset": "offsets",
  "message.read": "messages",
  "message.search": "messages",
  "message.produce": "producer",
  "failure.replay": "producer",
}

/**
 * Whether an act is shown for a cluster: not where its connection lacks what the act needs, whatever one's role. Where
 * the capabilities are not known (yet), it is: the act itself then says what stands in the way.
 */
export function isOffered(
  permission: Permission,
  capabilities: readonly Capability[] | null | undefined,
): boolean {
  const needed = NEEDS[permission]
  return needed === undefined || !capabilities || capabilities.includes(needed)
}
