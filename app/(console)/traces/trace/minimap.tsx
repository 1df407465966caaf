"use client"

import { type PointerEvent, useMemo, useRef, useState } from "react"
import { plural } from "#app/ui/format.ts"
import type { SpanNode, Stretch, TraceModel } from "./model.ts"

const LINES = 40
const LINE = 1
const WIDTH = 1000
/** A shorter drag is a click. */
const SHORTEST = 0.005

interface Props {
  model: TraceModel
  seen: Stretch
  show: (stretch: Stretch) => void
}

/** All of the trace, small; what is dragged over is shown below. */
export function Minimap({ model, seen, show }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const whole = model.toNs - model.fromNs
  const bars = useMemo(() => barsOf(model), [model])
  const shareAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect()
    return rect ? Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width)) : 0
  }
  const end = () => {
    setDrag(null)
    if (!drag) return
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    if (to - from < SHORTEST) return show(model)
    show({ fromNs: model.fromNs + from * whole, toNs: model.fromNs + to * whole })
  }
  const [from, to] = drag
    ? [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    : [(seen.fromNs - model.fromNs) / whole, (seen.toNs - model.fromNs) / whole]
  return (
    <div
      ref={box}
      className="minimap"
      role="img"
      aria-label={`All ${plural(model.tree.nodes.length, "span", "spans")} of the trace. Drag to zoom in, or press + and − in the waterfall.`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: shareAt(event), to: shareAt(event) })
      }}
      onPointerMove={(event) => drag && setDrag({ from: drag.from, to: shareAt(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      <svg viewBox={`0 0 ${WIDTH} ${LINES}`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ key, ...bar }) => (
          <rect key={key} {...bar} height={LINE} />
        ))}
      </svg>
      <span className="outside" style={{ insetInlineStart: 0, inlineSize: `${from * 100}%` }} />
      <span className="outside" style={{ insetInlineEnd: 0, inlineSize: `${(1 - to) * 100}%` }} />
    </div>
  )
}

interface MapBar {
  key: string
  x: number
  y: number
  width: number
  className: string
  "data-colour": number | undefined
}

/** As many lines as there is room for; spans that touch on one are one bar, so that many spans are few bars. */
function barsOf(model: TraceModel): MapBar[] {
  const { nodes } = model.tree
  const scale = WIDTH / (model.toNs - model.fromNs)
  const lines = Math.min(LINES, nodes.length)
  const byLine = Map.groupBy(nodes, (_, i) => Math.floor((i / nodes.length) * lines))
  return [...byLine].flatMap(([line, spans]) =>
    mergedBy(spans, scale, model).map((bar, i) => ({
      ...{ ...bar, key: `${line} ${i}`, y: (line * LINES) / lines },
    })),
  )
}

function mergedBy(spans: readonly SpanNode[], scale: number, model: TraceModel): Omit<MapBar, "key" | "y">[] {
  const bars: Omit<MapBar, "key" | "y">[] = []
  for (const { span } of [...spans].sort((a, b) => a.span.startNs - b.span.startNs)) {
    const x = (span.startNs - model.fromNs) * scale
    const end = Math.max(x + 2, (span.endNs - model.fromNs) * scale)
    const last = bars.at(-1)
    const className = span.isError ? "failed" : ""
    if (last && last.className === className && x <= last.x + last.width + 1)
      last.width = Math.max(last.width, end - last.x)
    else bars.push({ x, width: end - x, className, "data-colour": model.colours.get(span.service) })
  }
  return bars
}
