import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server"
import type { Strategy } from "#server/offsets/index.ts"
import { STRATEGY_WORDS } from "#server/offsets/strategy-words.ts"

export type Target = Strategy["kind"]
const TARGETS = Object.keys(STRATEGY_WORDS) as Target[]

/** The state of the reset page, in its URL: what is to be moved, and where. A file is too long for it. */
export const resetParams = {
  /** "orders", or "orders:0,3-5". Empty: all that the group reads. */
  topics: parseAsArrayOf(parseAsString, ";").withDefault([]),
  to: parseAsStringLiteral(TARGETS).withDefault("time"),
  /** ISO 8601, UTC. */
  at: parseAsString,
  offset: parseAsInteger,
  by: parseAsInteger,
  /** ms */
  back: parseAsInteger.withDefault(3_600_000),
  other: parseAsString.withDefault(""),
  snapshot: parseAsString,
  /** A group that does not exist is to be created. */
  create: parseAsBoolean.withDefault(false),
}

export const SHOWN = ["all", "moving", "clamped", "troubled", "failed"] as const

export const planParams = {
  show: parseAsStringLiteral(SHOWN).withDefault("all"),
  page: parseAsInteger.withDefault(1),
  /** The partition whose first message is open: "orders/0". */
  open: parseAsString,
  /** It took the place of one under which something had moved. */
  moved: parseAsBoolean.withDefault(false),
}
