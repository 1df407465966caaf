import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"

export const TABS = ["firing", "history", "rules", "silences", "channels"] as const

/** The state of the page, in its address. */
export const alertParams = {
  tab: parseAsStringLiteral(TABS).withDefault("firing"),
  page: parseAsInteger.withDefault(1),
  /** Matchers that the form of a silence begins with. */
  matchers: parseAsString.withDefault(""),
  /** Id of the alert that is looked at. */
  alert: parseAsString.withDefault(""),
  /** The rule that is tried on history. */
  rule: parseAsString.withDefault(""),
}

export const loadAlertParams = createLoader(alertParams)
