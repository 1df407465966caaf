import { parseAsString, parseAsStringLiteral } from "nuqs/server"

export const SERVICE_SORTS = ["worst", "service", "calls", "errors", "p50", "p95", "p99", "burn"] as const
export type ServiceSort = (typeof SERVICE_SORTS)[number]

/** The state of the list of services, in its URL. */
export const serviceListParams = {
  q: parseAsString.withDefault(""),
  sort: parseAsStringLiteral(SERVICE_SORTS).withDefault("worst"),
  dir: parseAsStringLiteral(["asc", "desc"] as const).withDefault("desc"),
}
