"use client"

import { type ReactNode, useEffect, useRef } from "react"

/** What opens under a button. A press elsewhere, Escape, a link and an act in it close it. */
export function Menu(props: { summary: ReactNode; label?: string; children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      const open = menu.current
      if (!open?.open) return
      if (event.type === "click") {
        if (!(event.target instanceof Element && open.contains(event.target.closest("a, .item")))) return
      } else if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return
        if (open.contains(document.activeElement)) open.querySelector("summary")?.focus()
      } else if (event.target instanceof Node && open.contains(event.target)) return
      open.open = false
    }
    document.addEventListener("pointerdown", close)
    document.addEventListener("keydown", close)
    document.addEventListener("click", close)
    return () => {
      document.removeEventListener("pointerdown", close)
      document.removeEventListener("keydown", close)
      document.removeEventListener("click", close)
    }
  }, [])
  return (
    <details className="menu" ref={menu}>
      <summary className="field" aria-label={props.label}>
        {props.summary}
      </summary>
      <div className="panel">{props.children}</div>
    </details>
  )
}
