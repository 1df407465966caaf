import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs"

export const TABS = ["messages", "stack", "talk"] as const
export const REPLAYED = ["any", "no", "yes"] as const

/** The state of a failure's page, in its address. */
export const failurePageParams = {
  tab: parseAsStringLiteral(TABS).withDefault("messages"),
  /** The dead letter that is shown; none: the latest. */
  letter: parseAsString.withDefault(""),
  /** Those that are ticked. */
  chosen: parseAsArrayOf(parseAsString).withDefault([]),
  replayed: parseAsStringLiteral(REPLAYED).withDefault("any"),
  page: parseAsInteger.withDefault(1),
}
