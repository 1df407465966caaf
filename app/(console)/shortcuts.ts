"use client"

import { useRouter } from "next/navigation"
import { useEffect, useRef } from "react"

const GO: Record<string, string> = { o: "/", l: "/lag", c: "/clusters" }

/** Ctrl/Cmd-K searches, `g` then a letter goes, `/` filters. Keys that are typed into a field are the field's. */
export function useShortcuts(acts: { onSearch: () => void }): void {
  const router = useRouter()
  const { onSearch } = acts
  const pending = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault()
        onSearch()
        return
      }
      if (event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog"))
        return
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === "/") {
        event.preventDefault()
        document.querySelector<HTMLInputElement>("input[type=search]")?.focus()
      } else if (event.key === "g") pending.current = Date.now()
      else if (Date.now() - pending.current < 1000 && GO[event.key]) router.push(GO[event.key] ?? "/")
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [router, onSearch])
}
