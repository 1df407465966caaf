import { parseAsString } from "nuqs"

/** The state of the page, as its address has it; the time range is the console's. */
export const tracesParams = { service: parseAsString.withDefault("") }
