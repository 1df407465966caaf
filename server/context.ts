import type { Vault } from "./access/secrets.ts"
import type { Connections } from "./brokers/connections.ts"
import type { Logger } from "./log.ts"
import type { Store } from "./store/index.ts"

/** Who acts. */
export type Actor =
  | { kind: "user"; id: string; email: string; role: Role }
  | { kind: "system" }
  | { kind: "nobody" }

export type Role = "viewer" | "operator" | "admin"

/** What every verb is given. */
export interface Context {
  store: Store
  vault: Vault
  connections: Connections
  actor: Actor
  log: Logger
  /** ms since the epoch. */
  now: () => number
}
