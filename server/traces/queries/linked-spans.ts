import { z } from "zod"
import type { Context } from "#server/context.ts"
import { filterHas } from "../search/filter.ts"
import { OWN_KEYS, valueHash } from "../search/hash.ts"
import { runSearch } from "../search/search.ts"
import type { StoredSpan } from "../search/stored-span.ts"
import { MS_NS } from "../times.ts"
import { type SpanView, spanView } from "../view/span-view.ts"
import { readViews, type TraceViews } from "./get-trace.ts"
import { spansOfTrace } from "./read-trace.ts"
import { traceId } from "./trace-id.ts"

export const linkedSpansInput = z.object({ traceId })

/** A span of another trace, its times in ns after the first span of this trace began. */
export interface LinkedSpan extends Pick<SpanView, "spanId" | "service" | "name" | "kind" | "isError"> {
  traceId: string
  startNs: number
  endNs: number
  /** The spans of this trace at the other end of its links. */
  here: string[]
}

export interface LinkedSpans {
  /** What this trace links to. */
  out: LinkedSpan[]
  /** What links to this trace. */
  into: LinkedSpan[]
  /** There are more than were looked at. */
  isPartial: boolean
}

/** Other traces that are looked into. */
const MAX_TRACES = 100
const MAX_INTO = 200
/** Looking into other traces ends after so long. */
const PATIENCE_MS = 2000
/** Who links to a trace is looked for from its start: clocks differ, and consumers may lag. */
const BEFORE_NS = 600_000n * MS_NS
const LAG_NS = 7n * 86_400_000n * MS_NS

/** The spans of other traces that a trace links to, and those that link to it, such as those of consumers in batches. */
export async function linkedSpans(
  ctx: Pick<Context, "store" | "now">,
  input: z.output<typeof linkedSpansInput>,
): Promise<LinkedSpans> {
  const views = await readViews(ctx.store, input.traceId)
  const [out, into] = await Promise.all([
    linksOut(ctx, input.traceId, views),
    linksInto(ctx, input.traceId, views),
  ])
  return { out: out.spans, into: into.spans, isPartial: out.isPartial || into.isPartial }
}

interface Found {
  spans: LinkedSpan[]
  isPartial: boolean
}

async function linksOut(
  { store }: Pick<Context, "store">,
  id: string,
  { spans, zeroNs }: TraceViews,
): Promise<Found> {
  const wanted = new Map<string, Map<string, string[]>>()
  for (const span of spans)
    for (const link of span.links) {
      if (link.traceId === id) continue
      const ofTrace = wanted.get(link.traceId) ?? new Map<string, string[]>()
      wanted.set(link.traceId, ofTrace)
      ofTrace.set(link.spanId, [...(ofTrace.get(link.spanId) ?? []), span.spanId])
    }
  const end = Date.now() + PATIENCE_MS
  const found: LinkedSpan[] = []
  for (const [other, bySpan] of [...wanted].slice(0, MAX_TRACES)) {
    if (Date.now() > end) return { spans: found, isPartial: true }
    for await (const stored of spansOfTrace(store, Buffer.from(other, "hex"))) {
      if (stored === "cut") break
      const here = bySpan.get(stored.head.spanId.toString("hex"))
      if (here) found.push(linkedSpan(stored, { zeroNs, here }))
    }
  }
  return { spans: found, isPartial: wanted.size > MAX_TRACES }
}

async function linksInto(
  { store, now }: Pick<Context, "store" | "now">,
  id: string,
  { zeroNs }: TraceViews,
): Promise<Found> {
  const seen = new Map<string, LinkedSpan>()
  const soonNs = BigInt(Math.floor(now()) + 3_600_000) * MS_NS
  const to = zeroNs + LAG_NS
  const { hits, next } = await runSearch({
    store,
    looking: {
      from: zeroNs > BEFORE_NS ? zeroNs - BEFORE_NS : 0n,
      to: to < soonNs ? to : soonNs,
      order: "newest",
      condition: filterHas("c.filter", valueHash(OWN_KEYS.link, id)),
    },
    matches: (stored) => {
      const here = stored.span.links.filter((link) => link.traceId === id).map((link) => link.spanId)
      if (here.length === 0 || stored.span.traceId === id) return false
      seen.set(`${stored.span.traceId} ${stored.span.spanId}`, linkedSpan(stored, { zeroNs, here }))
      return true
    },
    ...{ needles: [Buffer.from(id, "hex")], keys: new Set(), start: null, limit: MAX_INTO },
  })
  const spans = hits.flatMap((hit) => seen.get(`${hit.traceId} ${hit.spanId}`) ?? [])
  return { spans: spans.sort((a, b) => a.startNs - b.startNs), isPartial: next !== null }
}

function linkedSpan(stored: StoredSpan, { zeroNs, here }: { zeroNs: bigint; here: string[] }): LinkedSpan {
  const { spanId, service, name, kind, isError, startNs, endNs } = spanView(stored.span, zeroNs)
  return { traceId: stored.span.traceId, spanId, service, name, kind, isError, startNs, endNs, here }
}
