import { z } from "zod"
import { brokerName, brokerTime, partitionIndex } from "#server/inputs.ts"
import type { Place } from "#server/place.ts"

/** Offsets are plain numbers here: exact up to 2^53, which a partition reaches after 285 years at 1 M messages a second. */
const offset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Where a group shall stand. Times are ms since the epoch. */
export const strategyInput = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("earliest") }),
  z.object({ kind: z.literal("latest") }),
  /** At the first message of this time or a later one. */
  z.object({ kind: z.literal("time"), at: brokerTime }),
  z.object({ kind: z.literal("offset"), offset }),
  /** Messages further (or, below zero, back) from where it stands. */
  z.object({ kind: z.literal("shift"), by: z.number().int() }),
  /** As `time`, this many ms before now. */
  z.object({ kind: z.literal("back"), ms: z.number().int().min(1) }),
  /** Where another group of the cluster stands. */
  z.object({ kind: z.literal("group"), group: brokerName }),
  /** Where the group stood when this snapshot was taken. */
  z.object({ kind: z.literal("snapshot"), snapshot: z.string().min(1).max(100) }),
  /** Lines of topic,partition,offset, as kafka-consumer-groups exports them. */
  z.object({ kind: z.literal("csv"), text: z.string().min(1).max(2_000_000) }),
  /** Nowhere: its commits are deleted. */
  z.object({ kind: z.literal("forget") }),
])
export type Strategy = z.output<typeof strategyInput>

/** Destinations, or some of their partitions. Null: all that the group reads. */
export const scopeInput = z
  .array(
    z.object({
      destination: brokerName,
      partitions: z.array(partitionIndex).min(1).max(100_000).optional(),
    }),
  )
  .min(1)
  .max(10_000)
  .nullable()
export type Scope = z.output<typeof scopeInput>

/** What is known of a partition when a plan is made. */
export interface PartitionNow extends Place {
  /** Null: no commit. */
  committed: number | null
  start: number | null
  end: number | null
  /** Bytes on disk of one copy; null: unknown. */
  bytes: number | null
  /** Why this partition cannot be planned; null: it can. */
  trouble: string | null
}

/** What was looked up for a partition: by time, in another group, a snapshot or a file. */
export interface Found {
  /** Null: there is none. */
  offset: number | null
  /** Timestamp of the message there, where the answer told it. */
  time?: number | null
  /** Why it could not be looked up. */
  trouble?: string
}

const known = z.number().nullable()

/** One partition of a plan, as it is stored. */
export const storedLine = z.object({
  destination: z.string(),
  partition: z.number(),
  /** The group's committed offset; null: no commit. */
  from: known,
  /** Its offset after the plan; null: its commit is deleted. */
  to: known,
  start: known,
  end: known,
  /** What was asked for, where it does not exist: `to` is the nearest that does. */
  clamped: z.object({ wanted: z.number(), why: z.enum(["deleted", "not_written"]) }).nullable(),
  /** Messages delivered again, or skipped; null: not known, since there is no commit before or after. */
  again: known,
  skipped: known,
  /** About how many bytes these are; null: unknown. */
  bytes: known,
  /** Offset and timestamp of the first message at `to` or after it; null: there is none yet, or it is not known. */
  first: known,
  time: known,
  note: z.string().nullable(),
  /** Why this partition is left alone; null: it is part of the plan. */
  trouble: z.string().nullable(),
  /** What became of it. */
  result: z.enum(["written", "failed"]).nullable(),
  /** Why it failed. */
  error: z.string().nullable(),
})
export type PlanLine = z.output<typeof storedLine>
export type Clamp = NonNullable<PlanLine["clamped"]>

export const planState = z.enum([
  "draft",
  "armed",
  "applying",
  "applied",
  "partly",
  "failed",
  "expired",
  "replaced",
])
export type PlanState = z.output<typeof planState>
