"use client"

import { useMemo, useState } from "react"
import { percent, plural } from "#app/ui/format.ts"
import { type Flame, flameOf } from "#server/traces/analysis/flame.ts"
import type { SpanView } from "#server/traces/index.ts"
import { took } from "./took.ts"
import type { TraceState } from "./use-trace-state.ts"

/** Narrower parts are not drawn: they could not be seen. */
const NARROWEST = 0.002
const DEEPEST = 100

interface Placed {
  flame: Flame<SpanView>
  depth: number
  from: number
  share: number
}

/** Time of their own, of spans that were called by the same path; wide is what took long. */
export function FlameGraph({ state }: { state: TraceState }) {
  const { model } = state
  const all = useMemo(() => flameOf(model.tree), [model.tree])
  const [top, setTop] = useState<Flame<SpanView> | null>(null)
  const shown = top && model.placeOf.has(top.longest) ? top : all
  const placed = useMemo(() => (shown ? place(shown) : []), [shown])
  if (!shown || !all) return null
  const depth = placed.reduce((most, one) => Math.max(most, one.depth), 0)
  return (
    <section className="panel" aria-label="Flame graph">
      <p className="quiet slim">
        Spans that were called by the same path are one block, as wide as the time of their own and of what
        they called.
      </p>
      <div className="flame" style={{ blockSize: `${(depth + 1) * 1.75}rem` }}>
        {placed.map(({ flame, depth: line, from, share }) => (
          <button
            key={flame.key}
            type="button"
            className={flame.errors > 0 ? "failed" : undefined}
            data-colour={flame === all ? undefined : model.colours.get(flame.longest.span.service)}
            style={{
              insetBlockStart: `${line * 1.75}rem`,
              insetInlineStart: `${from * 100}%`,
              inlineSize: `${share * 100}%`,
            }}
            title={`${labelOf(flame, flame === all)}: ${took(flame.totalNs)}, ${took(flame.selfNs)} of it its own, ${plural(flame.spans, "span", "spans")}, ${percent(flame.totalNs / all.totalNs)}`}
            onClick={() => (flame === shown && flame !== all ? setTop(null) : setTop(flame))}
            onDoubleClick={() => state.open(flame.longest)}
          >
            {labelOf(flame, flame === all)}
          </button>
        ))}
      </div>
      <div className="row after">
        <button type="button" className="field" disabled={shown === all} onClick={() => setTop(null)}>
          Show all
        </button>
        {shown !== all && (
          <button type="button" className="field" onClick={() => state.open(shown.longest)}>
            Open the longest of {plural(shown.spans, "span", "spans")}
          </button>
        )}
      </div>
    </section>
  )
}

function labelOf({ longest: { span } }: Flame<SpanView>, isAll: boolean): string {
  return isAll ? "all" : `${span.service} ${span.name}`
}

function place(top: Flame<SpanView>): Placed[] {
  const whole = Math.max(1, top.totalNs)
  const open: Placed[] = [{ flame: top, depth: 0, from: 0, share: 1 }]
  const placed: Placed[] = []
  for (let one = open.pop(); one; one = open.pop()) {
    placed.push(one)
    let from = one.from
    for (const flame of one.flame.children) {
      const share = flame.totalNs / whole
      if (share >= NARROWEST && one.depth < DEEPEST) open.push({ flame, depth: one.depth + 1, from, share })
      from += share
    }
  }
  return placed
}
