"use client"

import { type RefObject, useRef, useSyncExternalStore } from "react"

type Parts = typeof import("./parts/index.ts").PARTS

async function fetchParts(): Promise<Parts> {
  const { PARTS } = await import("./parts/index.ts")
  return PARTS
}

let parts: Parts | null = null
let isLoading = false
const listeners = new Set<() => void>()

/**
 * Fetches what opens: menus, lists, dialogs. No page's first load has it; the console asks for it once it stands still,
 * and every control that opens something when it is pointed at. Until then a plain button of the same looks and role is
 * in its place, so a page without it can be read and walked.
 */
export function loadParts(): void {
  if (isLoading) return
  isLoading = true
  fetchParts().then(
    (loaded) => {
      parts = loaded
      for (const listener of listeners) listener()
    },
    // The next touch tries again.
    () => {
      isLoading = false
    },
  )
}

/** The parts; null until they are here. */
export function useParts(): Parts | null {
  return useSyncExternalStore(
    subscribe,
    () => parts,
    () => null,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What was done to a plain button before its part came: the part takes the focus over, and opens. */
export interface Start {
  focused: boolean
  open: boolean
}

/** For a control that opens something: the parts, or what the plain button must listen to until they are here. */
export function useOpener(): { parts: Parts | null; start: RefObject<Start>; early: EarlyHandlers } {
  const start = useRef<Start>({ focused: false, open: false })
  return { parts: useParts(), start, early: handlersOf(start) }
}

interface EarlyHandlers {
  onPointerEnter: () => void
  onFocus: () => void
  onBlur: () => void
  onClick: () => void
}

function handlersOf(start: RefObject<Start>): EarlyHandlers {
  return {
    onPointerEnter: loadParts,
    onFocus: () => {
      start.current.focused = true
      loadParts()
    },
    onBlur: () => {
      start.current.focused = false
    },
    onClick: () => {
      start.current.open = true
      loadParts()
    },
  }
}
