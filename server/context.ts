import type { AuditedAct } from "./access/audited-act.ts"
import type { Vault } from "./access/secrets.ts"
import type { Actor } from "./actor.ts"
import type { Connections } from "./brokers/connections.ts"
import type { Logger } from "./log.ts"
import type { Store } from "./store/index.ts"

/** What every verb is given. */
export interface Context {
  store: Store
  vault: Vault
  connections: Connections
  actor: Actor
  /** The address the request came from; absent where nobody asked over the network. */
  from?: string | null
  /** What was written to the audit log for this request; kept where something must see to it that an act is. */
  audited?: AuditedAct[]
  log: Logger
  /** ms since the epoch. */
  now: () => number
}
