import { z } from "zod"
import { brokerTime, partitionIndex, text } from "#server/inputs.ts"
import { formatsInput } from "../lens.ts"
import { startInput } from "../start.ts"

export const SEARCHED = ["key", "value", "headers"] as const

/** What is looked for. */
export const matchInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("contains"), text: text(10_000).min(1) }),
  /** RE2, in the text of each part. */
  z.object({ kind: z.literal("pattern"), text: text(2000).min(1) }),
  /** A JSONPath into the value ($...), or a filter over key, value, headers, timestamp, partition and offset (@...). */
  z.object({ kind: z.literal("expression"), text: text(2000).min(1) }),
])

/** A search as it is asked, and kept with its job. */
export const question = z.object({
  match: matchInput,
  /** Where "contains" and patterns look. */
  in: z
    .array(z.enum(SEARCHED))
    .min(1)
    .default([...SEARCHED]),
  from: startInput.default({ at: "oldest" }),
  /** ms since the epoch; null: up to what is there when the search begins. */
  to: brokerTime.nullable().default(null),
  /** Empty: all of them. */
  partitions: z.array(partitionIndex).max(1000).default([]),
  /** The search stops when it has found so many. */
  limit: z.number().int().min(1).max(10_000).default(1000),
  formats: formatsInput.default({}),
})

export type Question = z.output<typeof question>

/** How far a search has come in one partition. Offsets are decimal texts, as JSON has no 64-bit integers. */
export const partitionProgress = z.object({
  partition: z.number(),
  /** The range to be read, `to` exclusive; both null where the partition could not even be asked for it. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** All before it has been looked at. */
  next: z.string().nullable(),
  scanned: z.number(),
  bytes: z.number(),
  matched: z.number(),
  state: z.enum(["waiting", "reading", "done", "failed"]),
  problem: z.string().nullable(),
})

export type PartitionProgress = z.output<typeof partitionProgress>
