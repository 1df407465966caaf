"use client"

import { useSyncExternalStore } from "react"
import { remember } from "./preference.ts"

type Density = "comfortable" | "compact"

const CHANGED = "signalbox-density"

/** A density as a cookie or a field has it; anything else is comfortable. */
export function toDensity(value: string | undefined): Density {
  return value === "compact" ? "compact" : "comfortable"
}

/** How close rows and controls stand: for this page at once, and remembered. */
export function chooseDensity(density: Density): void {
  remember("density", density === "comfortable" ? null : density)
  document.documentElement.dataset.density = density
  window.dispatchEvent(new Event(CHANGED))
}

/** What was chosen; on the server comfortable, which no page but the menu shows. */
export function useDensity(): Density {
  return useSyncExternalStore(subscribe, chosen, () => "comfortable")
}

function chosen(): Density {
  return toDensity(document.documentElement.dataset.density)
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener)
  return () => window.removeEventListener(CHANGED, listener)
}
