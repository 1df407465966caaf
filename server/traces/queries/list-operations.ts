import { z } from "zod"
import type { Context } from "#server/context.ts"
import { text, time } from "#server/inputs.ts"
import { type OperationCalls, operationCalls } from "./operation-calls.ts"

const MINUTE_MS = 60_000
/** A longer range is not looked at: it would read more minutes than a page can wait for. */
const LONGEST_MS = 24 * 60 * MINUTE_MS
/** Operations that are listed at most, those with the most calls first. */
const MAX_OPERATIONS = 200

export const listOperationsInput = z.object({ from: time, to: time, service: text(255).default("") })

export interface OperationList {
  operations: OperationCalls[]
  /** Where the range begins that was looked at: a longer one is cut. */
  from: number
}

/** What was called in the minutes of a range; `service` narrows it to services whose name contains it. */
export async function listOperations(
  { store }: Pick<Context, "store">,
  input: z.output<typeof listOperationsInput>,
): Promise<OperationList> {
  const wanted = Math.max(input.from, input.to - LONGEST_MS)
  const from = Math.floor(wanted / MINUTE_MS) * MINUTE_MS
  const needle = input.service.toLowerCase()
  const all = await operationCalls(store, { from, to: input.to })
  const operations = all.filter((one) => one.service.toLowerCase().includes(needle)).slice(0, MAX_OPERATIONS)
  return { operations, from }
}
