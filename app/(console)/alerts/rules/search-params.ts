import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server"

/** What a rule is tried on, by its word in the address. */
export const RANGES = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" } as const

/** The state of the editor in its address. What a rule is stays in the form until it is saved. */
export const editorParams = {
  range: parseAsStringLiteral(Object.keys(RANGES) as (keyof typeof RANGES)[]).withDefault("24h"),
}

/** What a new rule begins with. */
export const newRuleParams = {
  signal: parseAsString.withDefault(""),
  cluster: parseAsString.withDefault(""),
  /** A name, or a pattern of names. */
  include: parseAsString.withDefault(""),
  /** The id of a rule that it is a copy of. */
  copy: parseAsString.withDefault(""),
}

export type NewRule = Awaited<ReturnType<typeof loadNewRule>>

export const loadNewRule = createLoader(newRuleParams)
