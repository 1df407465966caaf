import { parseAsBoolean, parseAsInteger, parseAsString } from "nuqs"

export const PAGE_SIZE = 50

/** The whole state of the page, as its address has it. */
export const usersParams = {
  q: parseAsString.withDefault(""),
  page: parseAsInteger.withDefault(1),
  invite: parseAsBoolean.withDefault(false),
  /** Whom one edits, by e-mail address. */
  user: parseAsString.withDefault(""),
}
