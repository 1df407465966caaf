import type UPlot from "uplot"
import type { LiveChart } from "./live.ts"

/** uPlot's way to replace what a press does: shift-drag moves the time, any other drag selects. */
export function panOnShift(live: LiveChart): UPlot.Cursor.MouseListenerFactory {
  return (plot, _target, select) => (event) => {
    if (!event.shiftKey || event.button !== 0) return select(event)
    event.preventDefault()
    pan(plot, { live, startX: event.clientX })
    return null
  }
}

function pan(plot: UPlot, { live, startX }: { live: LiveChart; startX: number }): void {
  const { span, range } = live.current.model
  const [from, to] = span
  const perPixel = (to - from) / plot.over.clientWidth
  let moved = 0
  const move = (event: MouseEvent) => {
    moved = (startX - event.clientX) * perPixel
    plot.setScale("x", { min: from + moved, max: to + moved })
  }
  const end = () => {
    document.removeEventListener("mousemove", move)
    document.removeEventListener("mouseup", end)
    if (moved !== 0) live.current.onZoom({ from: (range[0] + moved) * 1000, to: (range[1] + moved) * 1000 })
  }
  document.addEventListener("mousemove", move)
  document.addEventListener("mouseup", end)
}
