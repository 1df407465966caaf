import type { KafkaClient } from "./client.ts"
import type { Address, KafkaConnection } from "./connection.ts"

/** Each step takes at most this long. */
export const STEP_MS = 5000

/** What a step found; a warning does not stop the next. Throwing a string fails the step with these words. */
export type Finding = string | { warning: string }

/** A connection being tried; each step leaves what the next ones need. */
export interface ProbeRun {
  connection: KafkaConnection
  client: KafkaClient
  addresses: Address[]
  /** Those that took a TCP connection. */
  answering: Address[]
}

/** host:port, as it was given. */
export function nameOf(address: Address): string {
  return `${address.host}:${address.port}`
}
