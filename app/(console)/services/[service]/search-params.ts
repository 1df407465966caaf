import { parseAsStringLiteral } from "nuqs/server"

const TABS = ["operations", "callers", "dependencies", "instances", "errors"] as const

/** The state of a service's page, in its URL. */
export const servicePageParams = { tab: parseAsStringLiteral(TABS).withDefault("operations") }
