import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { brokerTime } from "#server/inputs.ts"
import { failureInput, findFailureGroup } from "../find-failure-group.ts"

export const failureTrendInput = failureInput.extend({
  /** ms since the epoch */
  from: brokerTime,
  to: brokerTime,
})

export interface FailureTrend {
  /** Length of a step, ms. */
  stepMs: number
  /** Beginnings of the steps, ms, without a gap. */
  at: number[]
  /** Dead letters in each step. */
  messages: number[]
}

const MINUTE = 60_000
const MAX_STEPS = 240

/** Dead letters of a group over time, in steps of whole minutes. */
export async function failureTrend(
  ctx: Context,
  input: z.output<typeof failureTrendInput>,
): Promise<FailureTrend> {
  const { id } = await findFailureGroup(ctx, input)
  const span = Math.max(MINUTE, input.to - input.from)
  const stepMs = Math.ceil(span / MAX_STEPS / MINUTE) * MINUTE
  const begin = Math.floor(input.from / stepMs) * stepMs
  const at = Array.from({ length: Math.ceil((input.to - begin) / stepMs) }, (_, i) => begin + i * stepMs)
  const { rows } = await ctx.store.pool.query<{ step: number; messages: number }>(
    `select floor(extract(epoch from minute - $2::timestamptz) / $4)::int as step, sum(messages)::float8 as messages
     from failure_minute where group_id = $1 and minute >= $2 and minute < $3 group by 1`,
    [id, new Date(begin).toISOString(), new Date(input.to).toISOString(), stepMs / 1000],
  )
  const byStep = new Map(rows.map((row) => [row.step, row.messages]))
  return { stepMs, at, messages: at.map((_, step) => byStep.get(step) ?? 0) }
}
