// biome-ignore-all lint/a11y/useSemanticElements: a table cannot draw only those of its rows that are in view, each in its place
"use client"

import { useVirtualizer } from "@tanstack/react-virtual"
import { useEffect, useMemo, useRef } from "react"
import { nameOf, type SpanNode, type Stretch, type TraceModel } from "./model.ts"
import { rowId, SpanCells } from "./row.tsx"
import { took } from "./took.ts"
import { type TraceKeys, useTraceKeys } from "./use-trace-keys.ts"

const ROW_PX = 32
const TICKS = [0, 0.25, 0.5, 0.75]

export interface WaterfallState extends TraceKeys {
  seen: Stretch
  found: readonly SpanNode[]
}

/** Spans below each other, each where it began and as long as it took; only those in view are drawn. */
export function Waterfall({ model, state }: { model: TraceModel; state: WaterfallState }) {
  const { active, collapsed, seen, found } = state
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => unfolded(model, collapsed), [model, collapsed])
  const at = active ? rows.indexOf(active) : -1
  const isFound = useMemo(() => new Set(found), [found])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: "auto" })
  }, [at, virtualizer])
  const onKeyDown = useTraceKeys(rows, state)
  const items = virtualizer.getVirtualItems()
  const isDrawn = items.some((item) => item.index === at)
  return (
    <div
      ref={scroller}
      className="waterfall"
      role="treegrid"
      aria-label="Spans"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={active && isDrawn ? rowId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Head seen={seen} />
      <div
        className="waterfall-rows"
        role="rowgroup"
        style={{ blockSize: `${virtualizer.getTotalSize()}px` }}
      >
        {items.map((item) => {
          const node = rows[item.index]
          if (!node) return null
          const isActive = node === active
          const isCollapsed = collapsed.has(nameOf(node))
          return (
            <div
              key={item.key}
              id={rowId(node)}
              ref={virtualizer.measureElement}
              data-index={item.index}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-level={node.depth + 1}
              aria-expanded={node.children.length > 0 ? !isCollapsed : undefined}
              aria-selected={isActive}
              className={model.pathOf.has(node) ? "span-row on-path" : "span-row"}
              style={{ transform: `translateY(${item.start}px)` }}
              onClick={() => state.open(node)}
              onKeyDown={undefined}
            >
              <SpanCells
                {...{ node, model, seen, isActive, isCollapsed, isFound: isFound.has(node) }}
                toggle={state.toggle}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Head({ seen }: { seen: Stretch }) {
  return (
    <div role="rowgroup" className="waterfall-head">
      <div role="row" className="span-row" tabIndex={-1}>
        <div role="columnheader" tabIndex={-1}>
          Span
        </div>
        <div role="columnheader" className="ticks" tabIndex={-1}>
          {TICKS.map((share) => (
            <span key={share} style={{ insetInlineStart: `${share * 100}%` }}>
              {took(Math.round(seen.fromNs + share * (seen.toNs - seen.fromNs)))}
            </span>
          ))}
        </div>
        <div
          role="columnheader"
          className="num self"
          title="Without the time of the spans below it"
          tabIndex={-1}
        >
          Self
        </div>
        <div role="columnheader" className="num" tabIndex={-1}>
          Duration
        </div>
      </div>
    </div>
  )
}

/** The spans that are not within one that is collapsed. */
function unfolded({ tree }: TraceModel, collapsed: ReadonlySet<string>): SpanNode[] {
  if (collapsed.size === 0) return tree.nodes
  const rows: SpanNode[] = []
  let hiddenBelow = Number.POSITIVE_INFINITY
  for (const node of tree.nodes) {
    if (node.depth > hiddenBelow) continue
    hiddenBelow = collapsed.has(nameOf(node)) ? node.depth : Number.POSITIVE_INFINITY
    rows.push(node)
  }
  return rows
}
