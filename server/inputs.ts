import { z } from "zod"
import { MAX_MOMENT_MS, MIN_MOMENT_MS } from "./moment.ts"
import { isStorable } from "./storable.ts"

/* What any input may hold: whatever passes here, the database takes too. Odd values end as bad input, never inside. */

export const MAX_INT4 = 2 ** 31 - 1
const MAX_INT8 = "9223372036854775807"

/** Text of at most `max` characters that can be stored. */
export function text(max: number) {
  return z.string().max(max).refine(isStorable, "Text must not contain NUL or half of a surrogate pair.")
}

/** The name of something at a broker. Kafka allows 32,767 bytes for a group, and the empty one. */
export const brokerName = text(32_767)

/** The name of a destination that is stored as a key: short enough for an index. Kafka allows 249 characters. */
export const keyName = text(600).min(1)

/** Id of a row, of the type int4. */
export const rowId = z.number().int().min(1).max(MAX_INT4)

/** Index of a partition. */
export const partitionIndex = z.number().int().min(0).max(MAX_INT4)

/** An offset as digits: a bigint does not fit into JSON. At most 2^63 - 1. */
export const offsetDigits = z
  .string()
  .regex(/^\d{1,19}$/, "An offset is a number without sign.")
  .refine((digits) => digits.padStart(19, "0") <= MAX_INT8, "No offset is larger than 2^63 - 1.")

/** Where a message is. */
export const position = z.object({ partition: partitionIndex, offset: offsetDigits })

/** Number of a page; the first is 1. */
export const pageNumber = z.number().int().min(1).max(1_000_000)

/** A moment, ms since the epoch. */
export const time = z
  .number()
  .min(MIN_MOMENT_MS, "A time before the year 1: give milliseconds since 1970.")
  .max(MAX_MOMENT_MS, "A time after the year 9999: give milliseconds since 1970.")

/** A moment from 1970 on, in whole ms: what a broker can be asked for. */
export const brokerTime = time.min(0).int()
