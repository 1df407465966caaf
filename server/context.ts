import type { AuditedAct } from "./access/audit.ts"
import type { Vault } from "./access/secrets.ts"
import type { Connections } from "./brokers/connections.ts"
import type { Logger } from "./log.ts"
import type { Store } from "./store/index.ts"

/** Who acts. */
export type Actor =
  | ({ kind: "user"; id: string; email: string; session?: string } & Grants)
  | ({ kind: "token"; id: string; name: string } & Grants)
  | { kind: "system" }
  | { kind: "nobody" }

export type Role = "viewer" | "operator" | "admin"

/** What somebody may do: the higher of both counts on a cluster. */
export interface Grants {
  /** On every cluster, and on the installation itself; null: only on the clusters below. */
  role: Role | null
  /** By the cluster's slug. */
  clusters: Readonly<Record<string, Role>>
}

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
