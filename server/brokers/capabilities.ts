import type { Broker } from "./broker.ts"

const CAPABILITIES = ["messages", "producer", "offsets", "deadLetters", "admin"] as const

/** What a broker may be able to do besides telling of itself. */
export type Capability = (typeof CAPABILITIES)[number]

/** The capabilities that a connection has. */
export function capabilitiesOf(broker: Pick<Broker, Capability>): Capability[] {
  return CAPABILITIES.filter((one) => broker[one] !== null)
}
