"use client"

import { useEffect } from "react"
import { loadParts } from "../ui/parts.ts"
import { Toaster } from "../ui/toaster.tsx"
import { Controls } from "./controls.tsx"
import { Lists } from "./lists.tsx"
import { Overlays } from "./overlays.tsx"
import { Words } from "./words.tsx"

/** All of app/ui on one page. */
export function DesignPage() {
  useEffect(loadParts, [])
  return (
    <main className="page design">
      <h1>Design</h1>
      <Controls />
      <Overlays />
      <Words />
      <Lists />
      <Toaster />
    </main>
  )
}
