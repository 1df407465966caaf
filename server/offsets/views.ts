import { z } from "zod"
import type { PlanTotals } from "./line.ts"
import { type PlanLine, scopeInput, strategyInput } from "./model.ts"

/* What pages and the HTTP API are told of plans. Times are ms since the epoch; null is unknown, never zero. */

const count = z.number().int()
/** A group can commit any offset up to 2^63 − 1; beyond 2^53 a number is no longer exact, but it is one. */
const offset = z.number()

const planTotals = z.object({
  moved: count.describe("Partitions that move."),
  unchanged: count.describe("Partitions that stay where they are."),
  troubled: count.describe("Partitions that cannot be planned; each says why."),
  clamped: count.describe("Partitions that go to the nearest position that exists."),
  forgotten: count.describe("Partitions that lose their commit."),
  again: offset.describe("Messages that are delivered again."),
  skipped: offset.describe("Messages that are skipped."),
  unread: offset.nullable().describe("Messages from the planned positions to the ends; null: unknown."),
  bytes: z.number().nullable().describe("About how many bytes these are."),
}) satisfies z.ZodType<PlanTotals>

const planLine = z.object({
  destination: z.string(),
  partition: count,
  from: offset.nullable().describe("Where the group stands; null: no commit."),
  to: offset.nullable().describe("Where it goes; null: its commit is deleted."),
  start: offset.nullable(),
  end: offset.nullable(),
  clamped: z.object({ wanted: offset, why: z.enum(["deleted", "not_written"]) }).nullable(),
  again: offset.nullable(),
  skipped: offset.nullable(),
  bytes: z.number().nullable(),
  first: offset.nullable().describe("Offset of the first message there."),
  time: z.number().nullable().describe("Time of the first message there, ms since the epoch."),
  note: z.string().nullable(),
  trouble: z.string().nullable().describe("Why this partition is left alone."),
  result: z.enum(["written", "failed"]).nullable(),
  error: z.string().nullable(),
}) satisfies z.ZodType<PlanLine>

export const planSummary = z.object({
  id: z.string(),
  cluster: z.string(),
  group: z.string(),
  strategy: strategyInput,
  scope: scopeInput,
  what: z.string().describe("What it does, in words."),
  state: z.enum(["draft", "armed", "applying", "applied", "partly", "failed", "expired", "replaced"]),
  totals: planTotals,
  createdAt: z.number(),
  createdBy: z.string(),
  armedUntil: z.number().nullable(),
  armedBy: z.string().nullable(),
  appliedAt: z.number().nullable(),
  appliedBy: z.string().nullable(),
  outcome: z.string().nullable().describe("Why it ended as it did."),
  undoOf: z.string().nullable().describe("The plan that this one reverts."),
  replacedBy: z.string().nullable().describe("The newer preview."),
  snapshot: z.string().nullable().describe("Where the group stood before; null: nothing was written."),
})
export type PlanSummary = z.output<typeof planSummary>

const member = z.object({ clientId: z.string(), host: z.string() })
export type Member = z.output<typeof member>

export const planView = planSummary.extend({
  groupType: z.string(),
  existed: z.boolean().describe("False: applying it makes the group."),
  warnings: z.array(z.string()),
  members: z.array(member).nullable().describe("Who is in the group now; null: it cannot be read."),
  lines: z.array(planLine).describe("One page of its partitions."),
  lineCount: count,
})
export type PlanView = z.output<typeof planView>

export const planMade = z.object({ plan: z.string().describe("Id of the plan.") })

export const planApplied = z.object({
  outcome: z
    .enum(["applied", "partly", "failed", "moved"])
    .describe("moved: nothing was written; `plan` is the new preview."),
  plan: z.string(),
  message: z.string(),
})

export const planArmed = z.object({ armedUntil: z.number().describe("ms since the epoch") })
