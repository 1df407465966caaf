import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useState } from "react"

/** Pixels. */
export const MIN_WIDTH = 320
export const MAX_WIDTH = 1200
const FIRST_WIDTH = 480
const STEP = 32

/** How wide a drawer is, in pixels: kept in this browser, changed by its edge. */
export function useWidth(name: string) {
  const key = `signalbox.drawer.${name}`
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(key)) || FIRST_WIDTH))
  // On the root: the page beside it makes room.
  useLayoutEffect(() => {
    const { style } = document.documentElement
    style.setProperty("--drawer-width", `${width}px`)
    return () => {
      style.removeProperty("--drawer-width")
    }
  }, [width])
  const set = (next: number) => {
    const fitted = within(next)
    setWidth(fitted)
    localStorage.setItem(key, String(fitted))
  }
  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) set(window.innerWidth - event.clientX)
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return
      event.preventDefault()
      set(width + (event.key === "ArrowLeft" ? STEP : -STEP))
    },
  }
  return { width, handlers }
}

function within(width: number): number {
  return Math.round(Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH))
}
