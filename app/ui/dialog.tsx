"use client"

import { type ReactNode, useEffect } from "react"
import { loadParts, useParts } from "./parts.ts"

export interface DialogProps {
  title: string
  /** Whether the title is for screen readers only. */
  untitled?: boolean
  onClose: () => void
  /** A class more, for its width. */
  className?: string
  /** The colour of the cluster that is acted on. */
  environment?: string | null | undefined
  children: ReactNode
}

/** Over the page, which waits: it keeps the focus, Escape and a press beside it close it. Drawn is it open. */
export function Dialog(props: DialogProps) {
  useEffect(loadParts, [])
  const parts = useParts()
  return parts && <parts.DialogPart {...props} />
}
