import type UPlot from "uplot"
import { withBasePath } from "#app/base-path.ts"
import { moment } from "../format.ts"
import type { ChartModel, Mark } from "./prepare.ts"

/** Narrower than this no word is read: the flag stands alone. */
const LEAST_WORDS = 36

/** What happened at a moment stands over the chart in a word or two, and in full for whoever points at it. */
export function placeMarks(plot: UPlot, { marks }: ChartModel): void {
  remove(plot, ".mark")
  marks.forEach((mark, i) => {
    const x = plot.valToPos(mark.at / 1000, "x")
    const next = marks[i + 1]
    const end = next ? plot.valToPos(next.at / 1000, "x") : plot.over.clientWidth
    plot.over.append(flagOf(mark, { x, room: end - x - 2 }))
  })
}

function flagOf(mark: Mark, { x, room }: { x: number; room: number }): HTMLElement {
  const flag = document.createElement("span")
  flag.className = "mark"
  flag.title = `${moment(mark.at)}: ${mark.label}`
  flag.style.left = `${x}px`
  if (room >= LEAST_WORDS) {
    flag.textContent = mark.short ?? mark.label
    flag.style.maxWidth = `${Math.min(room, 160)}px`
  }
  return flag
}

/** Along the top of each named band, so that it can be pointed at; in words all of them stand below the charts. */
export function placeBands(plot: UPlot, { bands }: ChartModel): void {
  remove(plot, ".band")
  const { clientWidth } = plot.over
  for (const { from, to, tone, label, href, isFaint } of bands) {
    if (label === undefined) continue
    const left = Math.max(0, plot.valToPos(from / 1000, "x"))
    const right = Math.min(clientWidth, plot.valToPos(to / 1000, "x"))
    if (left >= right) continue
    const element = document.createElement("a")
    element.className = isFaint ? "band faint" : "band"
    element.title = label
    element.tabIndex = -1
    element.ariaHidden = "true"
    if (href !== undefined) element.href = withBasePath(href)
    element.style.background = tone
    element.style.left = `${left}px`
    element.style.width = `${right - left}px`
    // A drag over the chart begins elsewhere.
    element.addEventListener("mousedown", (event) => event.stopPropagation())
    plot.over.append(element)
  }
}

/** On the line that they are cases of; each leads to its page. In words all of them stand below the table. */
export function placeExamples(plot: UPlot, { examples, top }: ChartModel): void {
  remove(plot, ".example")
  for (const { at, value, label, href } of examples) {
    const element = document.createElement("a")
    element.className = "example"
    element.title = `${moment(at)}: ${label}`
    element.tabIndex = -1
    element.ariaHidden = "true"
    element.href = withBasePath(href)
    element.style.left = `${plot.valToPos(at / 1000, "x")}px`
    element.style.top = `${plot.valToPos(Math.min(value, top), "y")}px`
    element.addEventListener("mousedown", (event) => event.stopPropagation())
    plot.over.append(element)
  }
}

function remove(plot: UPlot, selector: string): void {
  for (const old of plot.over.querySelectorAll(selector)) old.remove()
}
