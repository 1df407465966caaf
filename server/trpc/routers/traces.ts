import { getTrace, getTraceInput, listOperations, listOperationsInput } from "#server/traces/index.ts"
import { procedure, router } from "../init.ts"

export const traces = router({
  operations: procedure("trace.read")
    .input(listOperationsInput)
    .query(({ ctx, input }) => listOperations(ctx, input)),
  get: procedure("trace.read")
    .input(getTraceInput)
    .query(({ ctx, input }) => getTrace(ctx, input)),
})
