import { z } from "zod"
import type { Context } from "#server/context.ts"
import { text, time } from "#server/inputs.ts"
import { minutesOf } from "../services/range.ts"
import { type OperationCalls, operationCalls } from "./operation-calls.ts"

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
  { store, now }: Pick<Context, "store" | "now">,
  input: z.output<typeof listOperationsInput>,
): Promise<OperationList> {
  const { from, to } = minutesOf(input, now())
  const needle = input.service.toLowerCase()
  const all = await operationCalls(store, { from, to })
  const operations = all.filter((one) => one.service.toLowerCase().includes(needle)).slice(0, MAX_OPERATIONS)
  return { operations, from }
}
