import { kafka } from "./kafka/index.ts"
import type { BrokerSystem } from "./system.ts"

/** The only list of messaging systems. One more is one more line, and its folder. */
export const systems = { kafka } satisfies Record<string, BrokerSystem>

export type SystemId = keyof typeof systems

/** The system of this id, or undefined. */
export function findSystem(id: string): BrokerSystem | undefined {
  return Object.hasOwn(systems, id) ? systems[id as SystemId] : undefined
}
