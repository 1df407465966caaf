"use client"

import { type ReactNode, useEffect } from "react"
import { loadParts, useParts } from "./parts.ts"

export interface DrawerProps {
  title: string
  onClose: () => void
  /** Beside the title: previous, next, what can be done. */
  tools?: ReactNode
  /** Remembers its width under this name, in this browser. */
  name: string
  children: ReactNode
}

/** At the right, beside the page, which stays usable; its left edge can be dragged, or moved by arrow keys. On a phone it covers the page. */
export function Drawer(props: DrawerProps) {
  useEffect(loadParts, [])
  const parts = useParts()
  return parts && <parts.DrawerPart {...props} />
}
