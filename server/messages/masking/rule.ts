import { z } from "zod"

export const HOW = ["hide", "last4", "hash"] as const
export const PARTS = ["key", "value", "headers"] as const

export type Part = (typeof PARTS)[number]

/** What is hidden, and how. */
export const maskingRule = z.object({
  /** A name, with `*` for any part of it. */
  destination: z.string().trim().min(1).max(250),
  part: z.enum(PARTS),
  /** `path`: a JSONPath in keys and values, the name of a header (with `*`) in headers; `pattern`: RE2 in any text. */
  kind: z.enum(["path", "pattern"]),
  expression: z.string().min(1).max(500),
  /** `last4` leaves the last four characters of what is long enough; `hash` lets equal values be recognised. */
  how: z.enum(HOW),
})

export type MaskingRule = z.output<typeof maskingRule>
