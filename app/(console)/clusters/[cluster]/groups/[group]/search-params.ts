import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"

export const TABS = ["lag", "members"] as const
export const PARTITION_SORTS = ["partition", "lag", "timeLag", "lost", "end", "consumeRate"] as const

/** The state of the group page, in its URL. */
export const groupPageParams = {
  tab: parseAsStringLiteral(TABS).withDefault("lag"),
  destination: parseAsString,
  sort: parseAsStringLiteral(PARTITION_SORTS).withDefault("partition"),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
}
