"use client"

import { useMemo } from "react"
import type { SpanNode, TraceModel } from "./model.ts"
import { type TraceSource, useFound } from "./source.ts"

/** The spans that have a text anywhere, in the order of the waterfall. */
export function useMatches(source: TraceSource, model: TraceModel, text: string): SpanNode[] {
  const found = useFound(source, text)
  return useMemo(() => {
    const needle = text.trim().toLowerCase()
    if (needle === "") return []
    const has = (one: string) => one.toLowerCase().includes(needle)
    return model.tree.nodes.filter(
      ({ span }) =>
        found.has(span.spanId) ||
        [span.name, span.service, span.statusMessage, span.failure, span.spanId, span.host].some(has),
    )
  }, [found, model, text])
}

/** The one after another in the order of the waterfall, round and round; `by` -1: before it. */
export function neighbour(
  among: readonly SpanNode[],
  { of, by, model }: { of: SpanNode | null; by: 1 | -1; model: TraceModel },
): SpanNode | null {
  const at = of ? (model.placeOf.get(of) ?? -1) : -1
  const placeOf = (node: SpanNode) => model.placeOf.get(node) ?? -1
  return by === 1
    ? (among.find((node) => placeOf(node) > at) ?? among[0] ?? null)
    : (among.findLast((node) => placeOf(node) < at) ?? among.at(-1) ?? null)
}
