"use client"

import { useEffect, useRef } from "react"
import UPlot from "uplot"
import "uplot/dist/uPlot.min.css"
import { useShownScheme } from "../scheme.ts"
import { optionsFor } from "./options.ts"
import type { ChartModel } from "./prepare.ts"

interface Props {
  model: ChartModel
  onZoom: (range: { from: number; to: number } | null) => void
  /** Higher, for the chart that a page is about. */
  tall?: boolean
  /** Is given what is drawn, to copy it. */
  drawn: (canvas: HTMLCanvasElement | null) => void
}

/** Draws a prepared chart; decides nothing. New numbers are drawn into the chart that is there. */
export default function Canvas({ model, onZoom, tall, drawn }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(null)
  const live = useRef({ model, onZoom, drawn })
  live.current = { model, onZoom, drawn }
  const scheme = useShownScheme()
  const shape = shapeOf(model)
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines and other colours are another chart; new numbers are not.
  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new UPlot(optionsFor(element, live), dataOf(live.current.model), element)
    plot.current = made
    live.current.drawn(made.ctx.canvas)
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      live.current.drawn(null)
      plot.current = null
      made.destroy()
    }
  }, [shape, scheme])
  useEffect(() => plot.current?.setData(dataOf(model)), [model])
  return <div ref={host} className={tall ? "plot tall" : "plot"} />
}

function dataOf(model: ChartModel): UPlot.AlignedData {
  return [model.at, ...model.lines.map((line) => line.values)]
}

/** What cannot change without another chart. */
function shapeOf({ unit, lines }: ChartModel): string {
  return JSON.stringify([unit, lines.map(({ name, tone, dashed }) => [name, tone, dashed])])
}
