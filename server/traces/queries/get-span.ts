import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { type SpanDetail, spanDetail } from "../view/span-view.ts"
import { spansOfTrace } from "./read-trace.ts"
import { spanId, traceId } from "./trace-id.ts"

export const getSpanInput = z.object({
  traceId,
  spanId,
  /** Clients and servers may share an id. */
  kind: z.number().int().min(0).max(5),
})

/** All that was sent with one span. */
export async function getSpan(
  { store }: Pick<Context, "store">,
  input: z.output<typeof getSpanInput>,
): Promise<SpanDetail> {
  const id = Buffer.from(input.spanId, "hex")
  // The head tells: only the span that is asked for is decoded.
  for await (const stored of spansOfTrace(store, Buffer.from(input.traceId, "hex")))
    if (stored !== "cut" && stored.head.kind === input.kind && stored.head.spanId.equals(id))
      return spanDetail(stored.span)
  throw new DomainError(
    "not_found",
    "This span is not stored. It may be older than spans are kept, or not sampled.",
  )
}
