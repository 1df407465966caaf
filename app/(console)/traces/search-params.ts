import { parseAsString, parseAsStringLiteral } from "nuqs"

const ORDERS = ["newest", "slowest"] as const
export type Order = (typeof ORDERS)[number]

/** The state of the page, as its address has it; the time range is the console's. */
export const tracesParams = {
  service: parseAsString.withDefault(""),
  /** TraceQL; null: nothing is searched, and operations are listed. */
  q: parseAsString,
  /** Stands anywhere in the span. */
  text: parseAsString.withDefault(""),
  order: parseAsStringLiteral(ORDERS).withDefault("newest"),
}
