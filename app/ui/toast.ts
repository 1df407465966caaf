"use client"

import { useSyncExternalStore } from "react"

/** What is said of an act when it is done, for some seconds, on whatever page one is by then. */
export interface Toast {
  id: number
  text: string
  /** What can be done about it, such as undoing it. */
  act: { label: string; run: () => void } | null
}

const MAX_SHOWN = 3
const NONE: readonly Toast[] = []

let toasts = NONE
let nextId = 1
const listeners = new Set<() => void>()

/** Says something; the oldest make room. */
export function showToast(text: string, act: Toast["act"] = null): void {
  set([...toasts, { id: nextId++, text, act }].slice(-MAX_SHOWN))
}

/** Takes one off. */
export function closeToast(id: number): void {
  set(toasts.filter((one) => one.id !== id))
}

/** Those that are shown now, oldest first. */
export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    subscribe,
    () => toasts,
    () => NONE,
  )
}

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
