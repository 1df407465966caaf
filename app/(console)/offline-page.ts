"use client"

import { useEffect } from "react"
import { withBasePath } from "#app/base-path.ts"

/** Has the browser keep the page that says that Signalbox cannot be reached. */
export function useOfflinePage(): void {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return
    // Without it the browser's own page is shown, as everywhere.
    navigator.serviceWorker.register(withBasePath("/sw.js")).catch(() => undefined)
  }, [])
}
