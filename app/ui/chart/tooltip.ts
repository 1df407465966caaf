import type UPlot from "uplot"
import { moment } from "../format.ts"
import type { LiveChart } from "./live.ts"
import { type ChartModel, formatFor } from "./prepare.ts"

const GAP = 14
/** A mark this many px from the cursor is pointed at. */
const NEAR = 5

/** Beside the cursor: the time, every line with its value, and what happened then. Only on the chart that is pointed at. */
export function followCursor(plot: UPlot, live: LiveChart): void {
  const box = document.createElement("div")
  box.className = "chart-tip"
  box.hidden = true
  plot.over.append(box)
  let isHere = false
  const show = () => {
    const { idx, left, top } = plot.cursor
    box.hidden = !isHere || typeof idx !== "number" || left === undefined || left < 0
    if (box.hidden || typeof idx !== "number" || left === undefined || top === undefined) return
    box.replaceChildren(...contentOf(plot, live.current.model, { idx, left }))
    place(box, plot, { left, top })
  }
  plot.over.addEventListener("mouseenter", () => {
    isHere = true
  })
  plot.over.addEventListener("mouseleave", () => {
    isHere = false
    show()
  })
  plot.hooks.setCursor = [...(plot.hooks.setCursor ?? []), show]
}

function contentOf(plot: UPlot, model: ChartModel, at: { idx: number; left: number }): HTMLElement[] {
  const second = model.at[at.idx]
  if (second === undefined) return []
  const format = formatFor(model.unit)
  const head = element("div", "chart-tip-time", moment(second * 1000))
  const rows = model.lines.map((line) => {
    const row = element("div", "chart-tip-row")
    const key = element("span", line.dashed ? "chart-key dashed" : "chart-key")
    key.style.color = line.tone
    const value = line.values[at.idx] ?? null
    row.append(key, element("span", "grow", line.name), element("strong", "", format(value)))
    return row
  })
  return [
    head,
    ...rows,
    ...happened(plot, model, at.left).map((text) => element("div", "chart-tip-note", text)),
  ]
}

/** Marks under the cursor, and the bands around it. */
function happened(plot: UPlot, model: ChartModel, left: number): string[] {
  const ms = plot.posToVal(left, "x") * 1000
  const marks = model.marks.filter(({ at }) => Math.abs(plot.valToPos(at / 1000, "x") - left) <= NEAR)
  const bands = model.bands.filter(({ from, to }) => from <= ms && ms <= to)
  return [...marks.map(({ label }) => label), ...bands.flatMap(({ label }) => label ?? [])]
}

/** At the side of the cursor that has room, within the chart's height where it fits. */
function place(box: HTMLElement, plot: UPlot, { left, top }: { left: number; top: number }): void {
  const { clientWidth, clientHeight } = plot.over
  const { offsetWidth, offsetHeight } = box
  const isRight = left + GAP + offsetWidth <= clientWidth
  const x = isRight ? left + GAP : Math.max(-40, left - GAP - offsetWidth)
  const y = Math.max(0, Math.min(top - offsetHeight / 2, clientHeight - offsetHeight))
  box.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
}

function element(name: "div" | "span" | "strong", className: string, text = ""): HTMLElement {
  const made = document.createElement(name)
  made.className = className
  made.textContent = text
  return made
}
