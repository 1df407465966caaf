import type UPlot from "uplot"
import type { ColourOf } from "./live.ts"
import { type ChartModel, clock } from "./prepare.ts"

/** Distance of the lines of a hatch, in px. */
const HATCH = 7
/** A hatch that is narrower has no room for its words. */
const ROOM_FOR_WORDS = 130

/** What lies under the lines: the time without history, gaps in it, and shaded bands. */
export function drawGround(plot: UPlot, model: ChartModel, colour: ColourOf): void {
  const line = colour("var(--line-strong)")
  const { left, width } = plot.bbox
  const x = (second: number) => Math.min(left + width, Math.max(left, plot.valToPos(second, "x", true)))
  if (model.begins !== null) {
    const end = x(model.begins)
    hatch(plot, { from: left, to: end, line })
    words(plot, {
      text: `No data before ${clock([model.begins], 60, new Date())[0]?.replace("\n", ", ") ?? ""}`,
      ...{ from: left, to: end, colour: colour("var(--quiet)") },
    })
  }
  for (const [from, to] of model.gaps) hatch(plot, { from: x(from), to: x(to), line })
  shadeBands(plot, model, colour)
}

function hatch(plot: UPlot, { from, to, line }: { from: number; to: number; line: string }): void {
  const { ctx } = plot
  const { top, height } = plot.bbox
  if (to <= from) return
  const step = HATCH * devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(from, top, to - from, height)
  ctx.clip()
  ctx.strokeStyle = line
  ctx.globalAlpha = 0.7
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  // All lines stand on one grid, so that two hatches side by side are one.
  for (let start = Math.floor((from - height) / step) * step; start < to; start += step) {
    ctx.moveTo(start, top + height)
    ctx.lineTo(start + height, top)
  }
  ctx.stroke()
  ctx.restore()
}

function words(plot: UPlot, of: { text: string; from: number; to: number; colour: string }): void {
  if (of.to - of.from < ROOM_FOR_WORDS * devicePixelRatio) return
  const { ctx, bbox } = plot
  ctx.save()
  ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(plot.root).fontFamily}`
  ctx.fillStyle = of.colour
  ctx.textAlign = "center"
  ctx.textBaseline = "middle"
  const [x, y] = [(of.from + of.to) / 2, bbox.top + bbox.height / 2]
  const { width } = ctx.measureText(of.text)
  const pad = 6 * devicePixelRatio
  const ground = getComputedStyle(plot.root).getPropertyValue("--chart-ground")
  if (ground) {
    ctx.fillStyle = ground
    ctx.fillRect(x - width / 2 - pad, y - 2 * pad, width + 2 * pad, 4 * pad)
    ctx.fillStyle = of.colour
  }
  ctx.fillText(of.text, x, y)
  ctx.restore()
}

/** At least a pixel each, within the chart. */
function shadeBands(plot: UPlot, { bands }: ChartModel, colour: ColourOf): void {
  const { left, top, width, height } = plot.bbox
  plot.ctx.save()
  for (const band of bands) {
    plot.ctx.globalAlpha = band.isFaint ? 0.03 : 0.07
    const from = Math.max(left, plot.valToPos(band.from / 1000, "x", true))
    const to = Math.min(left + width, plot.valToPos(band.to / 1000, "x", true))
    if (to < left || from > left + width) continue
    plot.ctx.fillStyle = colour(band.tone)
    plot.ctx.fillRect(from, top, Math.max(devicePixelRatio, to - from), height)
  }
  plot.ctx.restore()
}

/** Thresholds across the chart, each with its name. */
export function drawLimits(plot: UPlot, { limits }: ChartModel, colour: ColourOf): void {
  const { left, width } = plot.bbox
  const { ctx } = plot
  ctx.save()
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(plot.root).fontFamily}`
  ctx.textAlign = "right"
  ctx.textBaseline = "bottom"
  for (const limit of limits) {
    const y = plot.valToPos(limit.value, "y", true)
    ctx.strokeStyle = colour(limit.tone)
    ctx.fillStyle = colour(limit.tone)
    ctx.setLineDash(limit.dashed ? [4 * devicePixelRatio, 4 * devicePixelRatio] : [])
    ctx.beginPath()
    ctx.moveTo(left, y)
    ctx.lineTo(left + width, y)
    ctx.stroke()
    if (limit.label) ctx.fillText(limit.label, left + width - 4 * devicePixelRatio, y - 2 * devicePixelRatio)
  }
  ctx.restore()
}

/** A line at each moment at which something happened; its words stand over the chart. */
export function drawMarkLines(plot: UPlot, { marks }: ChartModel, colour: ColourOf): void {
  const { top, height } = plot.bbox
  const { ctx } = plot
  ctx.save()
  ctx.strokeStyle = colour("var(--notice)")
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.at / 1000, "x", true)) + 0.5
    ctx.beginPath()
    ctx.moveTo(x, top)
    ctx.lineTo(x, top + height)
    ctx.stroke()
  }
  ctx.restore()
}
