import { z } from "zod"
import type { Context } from "#server/context.ts"
import { type SpanView, spanView } from "../view/span-view.ts"
import { type TraceView, traceView } from "../view/trace-view.ts"
import { MAX_SPANS, MAX_VIEWED_BYTES, spansOfTrace } from "./read-trace.ts"
import { noTrace, traceId } from "./trace-id.ts"

export const getTraceInput = z.object({
  traceId,
  /** Spans that are shown at most. */
  limit: z.number().int().min(1).max(MAX_SPANS).default(10_000),
})

/** The spans of a trace that are stored, without their attributes. */
export async function getTrace(
  { store }: Pick<Context, "store">,
  input: z.output<typeof getTraceInput>,
): Promise<TraceView> {
  const { spans, zeroNs, isCut } = await readViews(store, input.traceId)
  return traceView(spans, { traceId: input.traceId, zeroNs, limit: input.limit, isCut })
}

export interface TraceViews {
  spans: SpanView[]
  /** When the first span began. */
  zeroNs: bigint
  isCut: boolean
}

/** Views of all spans of a trace. Throws a DomainError when nothing of it is stored. */
export async function readViews(store: Context["store"], id: string): Promise<TraceViews> {
  let zeroNs: bigint | null = null
  let firstNs = 0n
  let isCut = false
  const spans: SpanView[] = []
  for await (const stored of spansOfTrace(store, Buffer.from(id, "hex"), MAX_VIEWED_BYTES)) {
    if (stored === "cut") {
      isCut = true
      break
    }
    // Spans come in any order: until all are read, times are after the one that came first.
    zeroNs ??= stored.startNs
    if (spans.length === 0 || stored.startNs < firstNs) firstNs = stored.startNs
    spans.push(spanView(stored.span, zeroNs))
  }
  if (zeroNs === null) throw noTrace()
  const before = Number(zeroNs - firstNs)
  for (const span of spans) {
    span.startNs += before
    span.endNs += before
  }
  return { spans, zeroNs: firstNs, isCut }
}
