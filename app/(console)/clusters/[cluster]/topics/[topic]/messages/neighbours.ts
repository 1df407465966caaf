"use client"

import { useEffect } from "react"

const LINES = ".messages [data-row]"
const FIELDS =
  "input:not([type=checkbox]), textarea, select, [role=menu], [role=listbox], [contenteditable=true]"

/** The position of the message that stands so many lines below (or above) another in the list; null: there is none. */
export function neighbourOf(position: string, by: 1 | -1): string | null {
  const lines = [...document.querySelectorAll<HTMLElement>(LINES)].map((line) => line.dataset.row ?? "")
  const here = lines.indexOf(position)
  return here === -1 ? null : (lines[here + by] ?? null)
}

/** While a message is open, j and k open the next and the previous one. Escape is the drawer's. */
export function useDrawerKeys(position: string, open: (position: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(FIELDS)) return
      const by = event.key === "j" ? 1 : event.key === "k" ? -1 : null
      if (by === null) return
      event.preventDefault()
      event.stopPropagation()
      const next = neighbourOf(position, by)
      if (next !== null) open(next)
    }
    // Before the page's own keys, which only move the focus.
    document.addEventListener("keydown", onKey, { capture: true })
    return () => document.removeEventListener("keydown", onKey, { capture: true })
  }, [position, open])
}
