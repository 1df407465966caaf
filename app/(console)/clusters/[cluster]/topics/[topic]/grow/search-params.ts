import { parseAsInteger } from "nuqs/server"

/** How many partitions there are to be, in the address; null: one more than there are. */
export const growParams = { total: parseAsInteger }
