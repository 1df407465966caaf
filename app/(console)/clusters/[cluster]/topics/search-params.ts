import {
  createLoader,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server"

export const PAGE_SIZE = 50

/** The whole state of the list of topics, as its address has it. */
export const topicsParams = {
  q: parseAsString.withDefault(""),
  internal: parseAsBoolean.withDefault(false),
  health: parseAsStringLiteral(["all", "bad"]).withDefault("all"),
  sort: parseAsStringLiteral([
    "name",
    "partitions",
    "messages",
    "bytes",
    "rate",
    "groups",
    "retention",
  ]).withDefault("name"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("asc"),
  page: parseAsInteger.withDefault(1),
}

export const loadTopicsParams = createLoader(topicsParams)
