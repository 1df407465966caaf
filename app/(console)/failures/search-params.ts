import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"
import { FAILURE_STATES } from "#server/failures/views.ts"
import { clustersParam } from "../group-params.ts"

export const FAILURES_A_PAGE = 50
export const SORTS = ["worst", "latest", "oldest", "most"] as const

/** The state of the list, in its address. */
export const failureParams = {
  q: parseAsString.withDefault(""),
  state: parseAsStringLiteral(["active", "all", ...FAILURE_STATES] as const).withDefault("active"),
  sort: parseAsStringLiteral(SORTS).withDefault("worst"),
  assignee: parseAsString.withDefault(""),
  page: parseAsInteger.withDefault(1),
}

export const loadFailureParams = createLoader({ ...failureParams, clusters: clustersParam })
