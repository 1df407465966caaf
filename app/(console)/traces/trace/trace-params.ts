import { parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs"

const TRACE_TABS = ["waterfall", "operations", "flame", "compare"] as const

/** The state of a trace's page, in its address. */
export const traceParams = {
  tab: parseAsStringLiteral(TRACE_TABS).withDefault("waterfall"),
  /** The span that is open: its id, and its kind. */
  span: parseAsString.withDefault(""),
  find: parseAsString.withDefault(""),
  /** Whether times are by one clock. */
  correct: parseAsBoolean.withDefault(false),
  /** Up to where the critical path goes. */
  path: parseAsStringLiteral(["response", "all"]).withDefault("response"),
  /** The trace that it is compared with. */
  with: parseAsString.withDefault(""),
  /** Whether all spans are shown, however many. */
  every: parseAsBoolean.withDefault(false),
}
