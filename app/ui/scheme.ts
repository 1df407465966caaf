"use client"

import { useSyncExternalStore } from "react"
import { remember } from "./preference.ts"

export const SCHEMES = ["auto", "light", "dark"] as const
export type Scheme = (typeof SCHEMES)[number]

const CHANGED = "signalbox-scheme"
const DARK = "(prefers-color-scheme: dark)"

/** A scheme as a cookie has it; anything else follows the system. */
export function toScheme(value: string | undefined): Scheme {
  return value === "light" || value === "dark" ? value : "auto"
}

/** Light, dark, or as the system has it: for this page at once, and remembered. */
export function chooseScheme(scheme: Scheme): void {
  remember("scheme", scheme === "auto" ? null : scheme)
  document.documentElement.dataset.scheme = scheme
  window.dispatchEvent(new Event(CHANGED))
}

/** What was chosen; on the server what the system has. */
export function useScheme(): Scheme {
  return useSyncExternalStore(subscribe, chosen, () => "auto")
}

/** What is on the screen: for what draws with colours itself. */
export function useShownScheme(): "light" | "dark" {
  return useSyncExternalStore(subscribe, shown, () => "light")
}

function chosen(): Scheme {
  return toScheme(document.documentElement.dataset.scheme)
}

function shown(): "light" | "dark" {
  const scheme = chosen()
  if (scheme !== "auto") return scheme
  return window.matchMedia(DARK).matches ? "dark" : "light"
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(DARK)
  media.addEventListener("change", listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    media.removeEventListener("change", listener)
    window.removeEventListener(CHANGED, listener)
  }
}
