"use client"

import { useQueryStates } from "nuqs"
import { useMemo, useState } from "react"
import { neighbour, useMatches } from "./find.ts"
import { modelOf, nameOf, nodeOf, type SpanNode, type Stretch, type TraceModel } from "./model.ts"
import { type TraceSource, useLinked } from "./source.ts"
import { traceParams } from "./trace-params.ts"
import type { WaterfallState } from "./waterfall.tsx"

export interface TraceState extends WaterfallState {
  model: TraceModel
  opened: SpanNode | null
  close: () => void
  show: (stretch: Stretch) => void
  collapseAll: () => void
  expandAll: () => void
}

const ZOOM = 2

/** All that a trace's page remembers: in its address what others should see too. */
export function useTraceState(source: TraceSource): TraceState {
  const [{ span, find, correct, path }, set] = useQueryStates(traceParams)
  const { data: linked } = useLinked(source)
  const model = useMemo(
    () => modelOf(source.trace, { linked: linked ?? null, correct, path }),
    [source.trace, linked, correct, path],
  )
  const found = useMatches(source, model, find)
  const [activeName, setActiveName] = useState(span)
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [zoomed, setZoomed] = useState<Stretch | null>(null)
  const seen = zoomed ?? model
  const active = useMemo(() => nodeOf(model, activeName), [model, activeName])
  const opened = useMemo(() => nodeOf(model, span), [model, span])
  const uncover = (node: SpanNode) => {
    const covering: string[] = []
    for (let on = node.parent; on; on = on.parent) covering.push(nameOf(on))
    setCollapsed((before) => (covering.some((name) => before.has(name)) ? without(before, covering) : before))
  }
  const setActive = (node: SpanNode) => {
    uncover(node)
    setActiveName(nameOf(node))
    if (opened) void set({ span: nameOf(node) })
  }
  return {
    ...{ model, found, active, opened, collapsed, seen, setActive },
    open: (node) => {
      uncover(node)
      setActiveName(nameOf(node))
      void set({ span: nameOf(node) })
    },
    close: () => void set({ span: null }),
    toggle: (node) =>
      setCollapsed((before) => {
        const name = nameOf(node)
        return before.has(name) ? without(before, [name]) : new Set([...before, name])
      }),
    collapseAll: () => setCollapsed(new Set(model.tree.nodes.filter(hasChildren).map(nameOf))),
    expandAll: () => setCollapsed(new Set()),
    step: (among, by) => {
      const node = neighbour(among === "found" ? found : model.failed, { of: active, by, model })
      if (node) setActive(node)
    },
    show: (stretch) =>
      setZoomed(stretch.fromNs === model.fromNs && stretch.toNs === model.toNs ? null : stretch),
    zoom: (by) => setZoomed(by === "all" ? null : zoomedBy(seen, by, { model, active })),
  }
}

function hasChildren({ children }: SpanNode): boolean {
  return children.length > 0
}

function without(set: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  const left = new Set(set)
  for (const name of names) left.delete(name)
  return left
}

/** Around the span that is pointed at, within the trace; null: all of it. */
function zoomedBy(
  seen: Stretch,
  by: "in" | "out",
  { model, active }: { model: TraceModel; active: SpanNode | null },
): Stretch | null {
  const length = (seen.toNs - seen.fromNs) * (by === "in" ? 1 / ZOOM : ZOOM)
  if (length >= model.toNs - model.fromNs) return null
  const middle = active ? (active.span.startNs + active.span.endNs) / 2 : (seen.fromNs + seen.toNs) / 2
  const fromNs = Math.min(Math.max(model.fromNs, middle - length / 2), model.toNs - length)
  return { fromNs, toNs: fromNs + Math.max(length, 1) }
}
