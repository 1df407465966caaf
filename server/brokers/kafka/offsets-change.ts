import { DomainError } from "#server/errors.ts"
import type { Place } from "#server/place.ts"
import type { Problem } from "../broker.ts"
import { errorName, refusal } from "./errors.ts"

export interface Change {
  group: string
  signal: AbortSignal
}

/** What the coordinator says when somebody is in the group: UNKNOWN_MEMBER_ID to a commit without a member. */
const ACTIVE = new Set([
  "UNKNOWN_MEMBER_ID",
  "ILLEGAL_GENERATION",
  "REBALANCE_IN_PROGRESS",
  "STALE_MEMBER_EPOCH",
  "NON_EMPTY_GROUP",
])

/** Throws when an answer means that the group has members: then nothing was written. */
export function refuseActive(group: string, codes: readonly number[]): void {
  const active = codes.map(errorName).find((name) => ACTIVE.has(name))
  if (active === undefined) return
  throw new DomainError("conflict", `${group} has members now, and only they may commit (${active}).`)
}

export function unwritten(at: Place, code: number): Problem {
  const part = { kind: "destination" as const, destination: at.destination, partition: at.partition }
  return refusal(part, code, `The offset of partition ${at.partition} of ${at.destination}`)
}

export function byTopic<One extends Place>(list: readonly One[]): [string, One[]][] {
  return [...Map.groupBy(list, (one) => one.destination)]
}
