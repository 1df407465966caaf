import { z } from "zod"
import type { Context } from "#server/context.ts"
import { text } from "#server/inputs.ts"
import { textMatcher } from "../search/match.ts"
import { MAX_VIEWED_BYTES, spansOfTrace } from "./read-trace.ts"
import { traceId } from "./trace-id.ts"

export const findInTraceInput = z.object({ traceId, text: text(200) })

/** The ids of a trace's spans that have a text anywhere: in the name, the service, attributes or events. */
export async function findInTrace(
  { store }: Pick<Context, "store">,
  input: z.output<typeof findInTraceInput>,
): Promise<string[]> {
  if (input.text.trim() === "") return []
  const matches = textMatcher(input.text.trim())
  const found = new Set<string>()
  for await (const stored of spansOfTrace(store, Buffer.from(input.traceId, "hex"), MAX_VIEWED_BYTES))
    if (stored !== "cut" && matches(stored)) found.add(stored.span.spanId)
  return [...found]
}
