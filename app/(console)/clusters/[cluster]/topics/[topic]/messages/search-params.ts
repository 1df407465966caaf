import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from "nuqs/server"

export const STARTS = ["newest", "oldest", "offset", "time", "group", "live"] as const
export const FINDS = ["contains", "pattern", "expression"] as const

/** What is read, how, and what is looked for, in the page's address. */
export const messageParams = {
  start: parseAsStringLiteral(STARTS).withDefault("newest"),
  /** The offset, the moment (ISO 8601) or the group of the start. */
  at: parseAsString.withDefault(""),
  /** Partitions, as "0,3"; empty: all. */
  parts: parseAsString.withDefault(""),
  find: parseAsStringLiteral(FINDS).withDefault("contains"),
  q: parseAsString.withDefault(""),
  /** The moment up to which is searched (ISO 8601); empty: all that is there. */
  until: parseAsString.withDefault(""),
  /** The search whose result is shown. */
  job: parseAsString,
  /** The message that is open, as partition/offset. */
  msg: parseAsString,
  /** Formats of keys and values; empty: as remembered. */
  kf: parseAsString.withDefault(""),
  vf: parseAsString.withDefault(""),
  /** Fields of JSON values that have columns of their own, as "order.amount". */
  cols: parseAsArrayOf(parseAsString).withDefault([]),
  /** The form to send: "new", or the message that is edited, as partition/offset. */
  send: parseAsString,
}
