import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs"

export const PAGE_SIZE = 50
export const RESULTS = ["ok", "refused", "failed", "begun"] as const

/** The whole state of the page, as its address has it; the time range is the console's. */
export const auditParams = {
  who: parseAsString.withDefault(""),
  what: parseAsString.withDefault(""),
  cluster: parseAsString.withDefault(""),
  result: parseAsStringLiteral(["", ...RESULTS]).withDefault(""),
  page: parseAsInteger.withDefault(1),
  /** The entry that is shown with its before and after. */
  entry: parseAsString.withDefault(""),
}
