"use client"

import { useRouter } from "next/navigation"
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react"
import { latency, moment, plural } from "#app/ui/format.ts"
import type { Hit } from "#server/traces/index.ts"
import { tracePath } from "../paths.ts"
import { nearest, type Plot, plotOf } from "./scatter.ts"

const HEIGHT = 170
/** A drag that is shorter is a click. */
const CLICK_PX = 4

/** What a drag over the plot selects. */
export interface Selected {
  from: number
  to: number
  least: number
  most: number
}

interface Place {
  x: number
  y: number
}

/** The spans that were found by start and duration: a click on one opens its trace, a drag narrows the search. */
export function Scatter({ hits, select }: { hits: readonly Hit[]; select: (selected: Selected) => void }) {
  const router = useRouter()
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [drag, setDrag] = useState<{ from: Place; to: Place } | null>(null)
  const [pointed, setPointed] = useState<string | null>(null)
  const byKey = useMemo(() => new Map(hits.map((hit) => [keyOf(hit), hit])), [hits])
  const plot = useMemo(() => {
    const dots = hits.map((hit) => ({
      ...{ key: keyOf(hit), at: hit.startMs, durationMs: hit.durationMs, isError: hit.status === "error" },
    }))
    return width === 0 ? null : plotOf(dots, { width, height: HEIGHT })
  }, [hits, width])
  const hit = pointed === null ? undefined : byKey.get(pointed)

  const move = (event: PointerEvent) => {
    const to = placeOf(event)
    if (drag) setDrag({ ...drag, to })
    else setPointed(plot ? (nearest(plot.dots, to)?.key ?? null) : null)
  }
  const release = (event: PointerEvent) => {
    const to = placeOf(event)
    setDrag(null)
    if (!plot || !drag) return
    if (Math.hypot(to.x - drag.from.x, to.y - drag.from.y) > CLICK_PX) {
      select(selectedOf(plot, drag.from, to))
      return
    }
    const meant = byKey.get(nearest(plot.dots, to)?.key ?? "")
    if (meant) router.push(tracePath(meant.traceId, meant.spanId))
  }
  return (
    <figure className="scatter" aria-label="Durations of the spans found">
      <div
        ref={frame}
        className={hit ? "frame pointed" : "frame"}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: placeOf(event), to: placeOf(event) })
        }}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setPointed(null)}
      >
        {plot && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`${plural(hits.length, "span", "spans")} by start and duration. The table below has them.`}
          >
            <Axes plot={plot} width={width} />
            {plot.dots.map(({ key, x, y, isError }) =>
              isError ? (
                <path key={key} className="failed" d={`M${x - 3} ${y - 3}l6 6m0 -6l-6 6`} />
              ) : (
                <circle key={key} cx={x} cy={y} r={key === pointed ? 5 : 3} />
              ),
            )}
            {drag && <Box of={drag} />}
          </svg>
        )}
      </div>
      <figcaption className="quiet help">
        {hit
          ? `${hit.service} ${hit.name}, ${latency(hit.durationMs)}, ${moment(hit.startMs)}`
          : "Click a span to open its trace; drag to narrow the search. × failed"}
      </figcaption>
    </figure>
  )
}

function keyOf({ traceId, spanId }: Hit): string {
  return `${traceId} ${spanId}`
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent): Place {
  const { left, top } = currentTarget.getBoundingClientRect()
  return { x: clientX - left, y: clientY - top }
}

function selectedOf(plot: Plot, one: Place, other: Place): Selected {
  return {
    from: Math.floor(plot.timeOf(Math.min(one.x, other.x))),
    to: Math.ceil(plot.timeOf(Math.max(one.x, other.x))),
    least: plot.durationOf(Math.max(one.y, other.y)),
    most: plot.durationOf(Math.min(one.y, other.y)),
  }
}

function Axes({ plot, width }: { plot: Plot; width: number }) {
  const format = new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" })
  return (
    <g className="axes">
      {plot.durations.map(({ at, value }) => (
        <g key={value}>
          <line x1={56} x2={width - 8} y1={at} y2={at} />
          <text x={50} y={at + 4} textAnchor="end">
            {latency(value)}
          </text>
        </g>
      ))}
      {plot.times.map(({ at, value }, i) => (
        <text
          key={value}
          x={at}
          y={HEIGHT - 6}
          textAnchor={i === 0 ? "start" : i === plot.times.length - 1 ? "end" : "middle"}
        >
          {format.format(value)}
        </text>
      ))}
    </g>
  )
}

function Box({ of: { from, to } }: { of: { from: Place; to: Place } }) {
  return (
    <rect
      className="brush"
      x={Math.min(from.x, to.x)}
      y={Math.min(from.y, to.y)}
      width={Math.abs(to.x - from.x)}
      height={Math.abs(to.y - from.y)}
    />
  )
}

/** As wide as there is room; 0 before it is known. */
function useWidth(of: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = of.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [of])
  return width
}
