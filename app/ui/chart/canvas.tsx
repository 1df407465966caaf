"use client"

import { useEffect, useRef } from "react"
import UPlot from "uplot"
import "uplot/dist/uPlot.min.css"
import { withBasePath } from "#app/base-path.ts"
import { moment } from "../format.ts"
import { useShownScheme } from "../scheme.ts"
import { type ChartModel, clock, formatFor, lonely, stepsFor } from "./prepare.ts"

const HEIGHT = 200

interface Props {
  model: ChartModel
  onZoom: (range: { from: number; to: number } | null) => void
}

/** Draws a prepared chart; decides nothing. */
export default function Canvas(props: Props) {
  const host = useRef<HTMLDivElement>(null)
  const zoom = useRef(props.onZoom)
  zoom.current = props.onZoom
  const scheme = useShownScheme()
  const { model } = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, so a new scheme redraws.
  useEffect(() => {
    const element = host.current
    if (!element) return
    const plot = new UPlot(
      optionsFor(model, element, zoom),
      [model.at, ...model.lines.map((line) => line.values)],
      element,
    )
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [model, scheme])
  return <div ref={host} style={{ minHeight: HEIGHT }} />
}

type Zoom = { current: Props["onZoom"] }

function optionsFor(model: ChartModel, element: HTMLElement, zoom: Zoom): UPlot.Options {
  const colour = (name: string) => {
    element.style.color = name
    const { color } = getComputedStyle(element)
    element.style.color = ""
    return color
  }
  const format = formatFor(model.unit)
  const font = `11px ${getComputedStyle(element).fontFamily}`
  const axis = {
    font,
    stroke: colour("var(--quiet)"),
    grid: { stroke: colour("var(--line)"), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: {
      show: true,
      live: true,
      markers: { width: 0, fill: (_, i) => colour(model.lines[i - 1]?.tone ?? "transparent") },
    },
    cursor: { sync: { key: "page" }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { range: model.span }, y: { range: [model.bottom, model.top] } },
    axes: [
      {
        ...axis,
        space: 52,
        size: (_, values) => (values?.some((value) => value.includes("\n")) ? 40 : 26),
        values: (...[, ticks, , , step]) => clock(ticks, step, new Date()),
      },
      {
        ...axis,
        size: 64,
        incrs: stepsFor(model.unit),
        values: (_, ticks) => ticks.map((tick) => format(tick)),
      },
    ],
    series: [
      { label: "time", value: (_: UPlot, at: number | null) => (at === null ? "–" : moment(at * 1000)) },
      ...model.lines.map((line) => ({
        label: line.name,
        stroke: colour(line.tone),
        width: 1.5,
        spanGaps: false,
        points: {
          size: 5,
          fill: colour(line.tone),
          filter: (plot: UPlot, i: number) => lonely([...(plot.data[i] ?? [])]),
        },
        value: (_: UPlot, value: number | null) => format(value),
        ...(line.dashed ? { dash: [6, 4] } : {}),
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 8) return
          const from = plot.posToVal(plot.select.left, "x") * 1000
          const to = plot.posToVal(plot.select.left + plot.select.width, "x") * 1000
          zoom.current({ from, to })
        },
      ],
      drawClear: [
        (plot) => shadeBefore(plot, model, colour("var(--line)")),
        (plot) => shadeBands(plot, model, colour),
      ],
      draw: [
        (plot) => drawLimits(plot, model, colour),
        (plot) => drawMarks(plot, model),
        (plot) => drawBandEdges(plot, model),
      ],
      ready: [(plot) => plot.over.addEventListener("dblclick", () => zoom.current(null))],
    },
  }
}

/** Shades the time of which nothing was stored. */
function shadeBefore(plot: UPlot, { begins }: ChartModel, colour: string): void {
  if (begins === null) return
  const { left, top, height } = plot.bbox
  plot.ctx.save()
  plot.ctx.globalAlpha = 0.4
  plot.ctx.fillStyle = colour
  plot.ctx.fillRect(left, top, plot.valToPos(begins, "x", true) - left, height)
  plot.ctx.restore()
}

/** At least a pixel each, within the chart. */
function shadeBands(plot: UPlot, { bands }: ChartModel, colour: (name: string) => string): void {
  const { left, top, width, height } = plot.bbox
  plot.ctx.save()
  for (const band of bands) {
    plot.ctx.globalAlpha = band.isFaint ? 0.09 : 0.22
    const from = Math.max(left, plot.valToPos(band.from / 1000, "x", true))
    const to = Math.min(left + width, plot.valToPos(band.to / 1000, "x", true))
    plot.ctx.fillStyle = colour(band.tone)
    plot.ctx.fillRect(from, top, Math.max(devicePixelRatio, to - from), height)
  }
  plot.ctx.restore()
}

function drawLimits(plot: UPlot, { limits }: ChartModel, colour: (name: string) => string): void {
  const { left, width } = plot.bbox
  plot.ctx.save()
  plot.ctx.lineWidth = 1.5 * devicePixelRatio
  for (const limit of limits) {
    const y = plot.valToPos(limit.value, "y", true)
    plot.ctx.strokeStyle = colour(limit.tone)
    plot.ctx.setLineDash(limit.dashed ? [4 * devicePixelRatio, 4 * devicePixelRatio] : [])
    plot.ctx.beginPath()
    plot.ctx.moveTo(left, y)
    plot.ctx.lineTo(left + width, y)
    plot.ctx.stroke()
  }
  plot.ctx.restore()
}

/** What happened at a moment stands over the chart, so that it can be pointed at. */
function drawMarks(plot: UPlot, model: ChartModel): void {
  for (const old of plot.over.querySelectorAll(".mark")) old.remove()
  for (const mark of model.marks) {
    const element = document.createElement("span")
    element.className = "mark"
    element.title = `${moment(mark.at)}: ${mark.label}`
    element.style.left = `${plot.valToPos(mark.at / 1000, "x")}px`
    plot.over.append(element)
  }
}

/** Along the top of each named band, so that it can be pointed at; in words all of them stand below the charts. */
function drawBandEdges(plot: UPlot, { bands, span }: ChartModel): void {
  for (const old of plot.over.querySelectorAll(".band")) old.remove()
  for (const { from, to, tone, label, href, isFaint } of bands) {
    if (label === undefined) continue
    const [left, right] = [Math.max(from / 1000, span[0]), Math.min(to / 1000, span[1])]
    if (left >= right) continue
    const element = document.createElement("a")
    element.className = isFaint ? "band faint" : "band"
    element.title = label
    element.tabIndex = -1
    element.ariaHidden = "true"
    if (href !== undefined) element.href = withBasePath(href)
    element.style.background = tone
    element.style.left = `${plot.valToPos(left, "x")}px`
    element.style.width = `${plot.valToPos(right, "x") - plot.valToPos(left, "x")}px`
    // A drag over the chart begins elsewhere.
    element.addEventListener("mousedown", (event) => event.stopPropagation())
    plot.over.append(element)
  }
}
