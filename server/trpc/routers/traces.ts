import {
  getTrace,
  getTraceInput,
  listOperations,
  listOperationsInput,
  search,
  searchAll,
  searchInput,
  suggestKeys,
  suggestKeysInput,
  suggestValues,
  suggestValuesInput,
} from "#server/traces/index.ts"
import { procedure, router } from "../init.ts"

const never = new AbortController().signal

export const traces = router({
  operations: procedure("trace.read")
    .input(listOperationsInput)
    .query(({ ctx, input }) => listOperations(ctx, input)),
  get: procedure("trace.read")
    .input(getTraceInput)
    .query(({ ctx, input }) => getTrace(ctx, input)),
  search: procedure("trace.read")
    .input(searchInput)
    .query(({ ctx, input }) => search(ctx, input)),
  searching: procedure("trace.read")
    .input(searchInput)
    .subscription(({ ctx, input }) => searchAll(ctx, input, ctx.watch?.until ?? never)),
  keys: procedure("trace.read")
    .input(suggestKeysInput)
    .query(({ ctx, input }) => suggestKeys(ctx, input)),
  values: procedure("trace.read")
    .input(suggestValuesInput)
    .query(({ ctx, input }) => suggestValues(ctx, input)),
})
