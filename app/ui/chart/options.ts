import type UPlot from "uplot"
import { drawGround, drawLimits, drawMarkLines } from "./draw.ts"
import type { ColourOf, LiveChart } from "./live.ts"
import { panOnShift } from "./pan.ts"
import { placeBands, placeExamples, placeMarks } from "./places.ts"
import { type ChartModel, clock, formatFor, lonely, stepsFor } from "./prepare.ts"
import { followCursor } from "./tooltip.ts"

/** A press that moves less than this many px is no selection. */
const LEAST_DRAG = 8

/** How uPlot draws a chart. Crosshairs are shared by time over all charts of the page. */
export function optionsFor(element: HTMLElement, live: LiveChart): UPlot.Options {
  const colour = coloursIn(element)
  const { unit, lines } = live.current.model
  const format = formatFor(unit)
  const axis = {
    font: `11px ${getComputedStyle(element).fontFamily}`,
    stroke: colour("var(--quiet)"),
    grid: { stroke: colour("var(--line)"), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    cursor: {
      sync: { key: "page", scales: ["x", null], setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 1.5 },
      bind: { mousedown: panOnShift(live) },
    },
    scales: {
      x: { range: () => live.current.model.span },
      y: { range: () => [live.current.model.bottom, live.current.model.top] },
    },
    axes: [
      {
        ...axis,
        space: 64,
        size: (_, values) => (values?.some((value) => value.includes("\n")) ? 40 : 26),
        values: (...[, ticks, , , step]) => clock(ticks, step, new Date()),
      },
      {
        ...axis,
        size: 60,
        space: 36,
        incrs: stepsFor(unit),
        values: (_, ticks) => ticks.map((tick) => format(tick)),
      },
    ],
    series: [{}, ...lines.map((line) => seriesFor(line, colour))],
    hooks: {
      setSelect: [(plot) => select(plot, live)],
      drawClear: [(plot) => drawGround(plot, live.current.model, colour)],
      draw: [
        (plot) => drawLimits(plot, live.current.model, colour),
        (plot) => drawMarkLines(plot, live.current.model, colour),
        (plot) => placeMarks(plot, live.current.model),
        (plot) => placeBands(plot, live.current.model),
        (plot) => placeExamples(plot, live.current.model),
      ],
      ready: [
        (plot) => plot.over.addEventListener("dblclick", () => live.current.onZoom(null)),
        (plot) => followCursor(plot, live),
      ],
    },
  }
}

function seriesFor(line: ChartModel["lines"][number], colour: ColourOf): UPlot.Series {
  return {
    label: line.name,
    stroke: colour(line.tone),
    width: 1.5,
    spanGaps: false,
    points: {
      size: 5,
      fill: colour(line.tone),
      filter: (plot: UPlot, i: number) => lonely([...(plot.data[i] ?? [])]),
    },
    ...(line.dashed ? { dash: [6, 4] } : { fill: areaOf(line.tone, colour) }),
  }
}

/** Fades from the line down to nothing. */
function areaOf(tone: string, colour: ColourOf): (plot: UPlot) => CanvasGradient | string {
  const [above, below] = [22, 2].map((share) => colour(`color-mix(in srgb, ${tone} ${share}%, transparent)`))
  return (plot) => {
    const { top, height } = plot.bbox
    if (!Number.isFinite(top) || !Number.isFinite(height)) return "transparent"
    const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height)
    gradient.addColorStop(0, above ?? "transparent")
    gradient.addColorStop(1, below ?? "transparent")
    return gradient
  }
}

function select(plot: UPlot, live: LiveChart): void {
  const { left, width } = plot.select
  if (width < LEAST_DRAG) return
  const [from, to] = [left, left + width].map((x) => plot.posToVal(x, "x") * 1000)
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  if (from !== undefined && to !== undefined) live.current.onZoom({ from, to })
}

function coloursIn(element: HTMLElement): ColourOf {
  return (name) => {
    element.style.color = name
    const { color } = getComputedStyle(element)
    element.style.color = ""
    return color
  }
}
