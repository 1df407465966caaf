"use client"

import { useSyncExternalStore } from "react"
import { documentPreference } from "./document-preference.ts"

export const SCHEMES = ["auto", "light", "dark"] as const
export type Scheme = (typeof SCHEMES)[number]

const DARK = "(prefers-color-scheme: dark)"

/** A scheme as a cookie has it; anything else follows the system. */
export function toScheme(value: string | undefined): Scheme {
  return value === "light" || value === "dark" ? value : "auto"
}

const preference = documentPreference<Scheme>("scheme", { parse: toScheme, usual: "auto" })

/** Light, dark, or as the system has it: for this page at once, and remembered. */
export const chooseScheme = preference.choose

/** What was chosen; on the server what the system has. */
export function useScheme(): Scheme {
  return useSyncExternalStore(preference.subscribe, preference.chosen, () => "auto")
}

/** What is on the screen: for what draws with colours itself. */
export function useShownScheme(): "light" | "dark" {
  return useSyncExternalStore(subscribeToShown, shown, () => "light")
}

function shown(): "light" | "dark" {
  const scheme = preference.chosen()
  if (scheme !== "auto") return scheme
  return window.matchMedia(DARK).matches ? "dark" : "light"
}

function subscribeToShown(listener: () => void): () => void {
  const media = window.matchMedia(DARK)
  media.addEventListener("change", listener)
  const end = preference.subscribe(listener)
  return () => {
    media.removeEventListener("change", listener)
    end()
  }
}
