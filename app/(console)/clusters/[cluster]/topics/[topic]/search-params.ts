import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server"

export const TABS = ["activity", "messages", "consumers", "partitions", "config"] as const

/** The state of a topic's page, in its address. */
export const topicParams = {
  tab: parseAsStringLiteral(TABS).withDefault("activity"),
  /** Filter of the configuration. */
  key: parseAsString.withDefault(""),
  /** Which settings are shown. */
  set: parseAsStringLiteral(["overrides", "all"]).withDefault("overrides"),
}

/** Order and page of the partitions; the consumers on the same page have their own. */
export const partitionParams = {
  sort: parseAsStringLiteral(["index", "start", "end", "offsets", "bytes", "rate"]).withDefault("index"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
}
export const PARTITION_KEYS = { sort: "psort", dir: "pdir", page: "ppage" }
