import { parseAsString, parseAsStringLiteral } from "nuqs/server"

export const TABS = ["activity", "messages", "consumers", "partitions", "config"] as const

/** The state of a topic's page, in its address. */
export const topicParams = {
  tab: parseAsStringLiteral(TABS).withDefault("activity"),
  /** Filter of the configuration. */
  key: parseAsString.withDefault(""),
  /** Which settings are shown. */
  set: parseAsStringLiteral(["overrides", "all"]).withDefault("overrides"),
}
