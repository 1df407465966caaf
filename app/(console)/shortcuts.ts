"use client"

import { useRouter } from "next/navigation"
import { useEffect, useRef } from "react"
import { useSticky } from "./sticky.ts"

const GO: Record<string, string> = {
  o: "/",
  l: "/lag",
  c: "/clusters",
  f: "/failures",
  s: "/services",
  t: "/traces",
  a: "/alerts",
}
const GO_WITHIN_MS = 1000

/** What the keys do, as the help says it. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["Ctrl K, ⌘ K", "search clusters, topics and groups"],
  ["/", "filter the list"],
  ["j  k", "next, previous row; Enter opens it"],
  ["x", "select or deselect the row"],
  ["g o", "go to the overview"],
  ["g l", "go to lag"],
  ["g c", "go to the clusters"],
  ["g f", "go to failures"],
  ["g s", "go to services"],
  ["g t", "go to traces"],
  ["g a", "go to alerts"],
  ["?", "this help"],
  ["Esc", "close"],
]

/** Ctrl/Cmd-K searches, `g` then a letter goes, `/` filters, j and k move. Keys typed into a field are the field's. */
export function useShortcuts(acts: { onSearch: () => void; onHelp: () => void }): void {
  const router = useRouter()
  const sticky = useSticky()
  const { onSearch, onHelp } = acts
  const pending = useRef(0)
  useEffect(() => {
    const simple: Record<string, () => void> = {
      "?": onHelp,
      "/": () => document.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
      j: () => moveRow(1),
      k: () => moveRow(-1),
      x: chooseRow,
    }
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault()
        onSearch()
        return
      }
      if (event.target instanceof HTMLElement && event.target.closest(FIELDS)) return
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const place = event.timeStamp - pending.current < GO_WITHIN_MS ? GO[event.key] : undefined
      pending.current = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY
      const act = place === undefined ? simple[event.key] : () => router.push(place + sticky)
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [router, sticky, onSearch, onHelp])
}

/** A box that is checked takes no letters; lists and menus have letters of their own. */
const FIELDS =
  "input:not([type=checkbox]), textarea, [contenteditable=true], [role=combobox], [role=listbox], [role=menu], [role=dialog]"
/** The link that a row stands for. */
const ROW_LINKS =
  "main tbody tr :is(td:first-child a, td.select-cell + td a, [data-row]), main :is(.needs, .incidents, .alert-card) .said a"

/** Moves the focus to the link of the next or previous row. */
function moveRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>(ROW_LINKS)]
  const row = document.activeElement?.closest("tr, .needs li, .incidents li, .alert-card")
  const here = links.findIndex((link) => row?.contains(link))
  links[here === -1 ? (by === 1 ? 0 : links.length - 1) : here + by]?.focus()
}

function chooseRow(): void {
  document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click()
}
