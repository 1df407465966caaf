"use client"

import { usePathname } from "next/navigation"
import { useEffect } from "react"

/** Pages about one thing: a cluster and what is in it, a failure, a rule, a service, a trace. */
const THINGS = /^\/(clusters\/(?!new$)|failures\/(?!rules$)|alerts\/rules\/(?!new$)|services\/|traces\/)./
/** By then a page has its title. */
const TITLED_MS = 1500

/** Remembers the pages about one thing that one stays on, for the search. */
export function useRecent(): void {
  const path = usePathname()
  useEffect(() => {
    if (!THINGS.test(path)) return
    const timer = setTimeout(async () => {
      const title = document.title.replace(/^\(\d+\) /, "").replace(/ · Signalbox$/, "")
      const { visited } = await import("./recent.ts")
      visited({ path, title })
    }, TITLED_MS)
    return () => clearTimeout(timer)
  }, [path])
}
