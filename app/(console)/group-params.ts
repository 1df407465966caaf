import {
  createLoader,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server"
import { GROUP_STATUSES } from "#server/group-status.ts"

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

/** The filter of the top bar: slugs of clusters; none: all of them. */
export const clustersParam = parseAsArrayOf(parseAsString).withDefault([])

export const loadGroupParams = createLoader({ ...groupParams, clusters: clustersParam })

export const GROUPS_A_PAGE = 50
