import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"
import { GROUP_STATUSES } from "#server/lag/model.ts"

const SORTS = [
  "severity",
  "name",
  "cluster",
  "lag",
  "timeLag",
  "lost",
  "produceRate",
  "consumeRate",
  "members",
] as const

/** The state of a list of groups, in its URL. */
export const groupParams = {
  q: parseAsString.withDefault(""),
  status: parseAsArrayOf(parseAsStringLiteral(GROUP_STATUSES)).withDefault([]),
  sort: parseAsStringLiteral(SORTS).withDefault("severity"),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
  page: parseAsInteger.withDefault(1),
}
