import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"

export const TABS = ["firing", "history", "rules", "channels"] as const

/** The state of the page, in its address. */
export const alertParams = {
  tab: parseAsStringLiteral(TABS).withDefault("firing"),
  page: parseAsInteger.withDefault(1),
  /** The rule that is tried on history. */
  rule: parseAsString.withDefault(""),
}

export const loadAlertParams = createLoader(alertParams)
