"use client"

import { useEffect, useRef, useState } from "react"

const WAIT_MS = 300
const GAP = 6
const EDGE = 8

interface Shown {
  text: string
  /** Where what it belongs to stands. */
  at: DOMRect
}

/**
 * Draws every `title` of the page as a tooltip of our own: on hover, and on what has the focus. Without scripts and for
 * screen readers it stays the title that it is; one layer serves tables of thousands of cells.
 */
export default function Tooltips() {
  const [shown, show] = useState<Shown | null>(null)
  useEffect(() => watchTitles(show), [])
  const popover = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = popover.current
    if (!element || shown === null) return
    element.showPopover()
    place(element, shown.at)
    return () => element.hidePopover()
  }, [shown])
  return (
    <div ref={popover} popover="manual" className="tooltip" aria-hidden="true">
      {shown?.text}
    </div>
  )
}

/** Below what it belongs to, above where there is no room below; never beyond the window. */
function place(element: HTMLElement, at: DOMRect): void {
  const { width, height } = element.getBoundingClientRect()
  const below = at.bottom + GAP
  const top = below + height > innerHeight - EDGE ? at.top - GAP - height : below
  const left = Math.min(Math.max(EDGE, at.left + at.width / 2 - width / 2), innerWidth - width - EDGE)
  element.style.top = `${Math.max(EDGE, top)}px`
  element.style.left = `${left}px`
}

/** Takes the title off while it is shown, so that the browser shows none of its own, and gives it back. */
function watchTitles(show: (shown: Shown | null) => void): () => void {
  let held: { element: HTMLElement; title: string } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = () => {
    clearTimeout(timer)
    if (held && !held.element.title) held.element.title = held.title
    held = null
    show(null)
  }
  const enter = (event: Event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>("[title]") : null
    if (held && event.target instanceof Node && held.element.contains(event.target)) return
    leave()
    if (!element?.title) return
    held = { element, title: element.title }
    element.title = ""
    const { title: text } = held
    timer = setTimeout(() => show({ text, at: element.getBoundingClientRect() }), WAIT_MS)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") leave()
  }
  const listeners = [
    ["pointerover", enter],
    ["focusin", enter],
    ["pointerdown", leave],
    ["scroll", leave],
  ] as const
  for (const [name, listener] of listeners)
    document.addEventListener(name, listener, { capture: true, passive: true })
  document.documentElement.addEventListener("pointerleave", leave)
  document.addEventListener("keydown", key)
  return () => {
    leave()
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, { capture: true })
    document.documentElement.removeEventListener("pointerleave", leave)
    document.removeEventListener("keydown", key)
  }
}
