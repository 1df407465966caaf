"use client"

import { useSyncExternalStore } from "react"
import { documentPreference } from "./document-preference.ts"

type Density = "comfortable" | "compact"

/** A density as a cookie or a field has it; anything else is comfortable. */
export function toDensity(value: string | undefined): Density {
  return value === "compact" ? "compact" : "comfortable"
}

const preference = documentPreference<Density>("density", { parse: toDensity, usual: "comfortable" })

/** How close rows and controls stand: for this page at once, and remembered. */
export const chooseDensity = preference.choose

/** What was chosen; on the server comfortable, which no page but the menu shows. */
export function useDensity(): Density {
  return useSyncExternalStore(preference.subscribe, preference.chosen, () => "comfortable")
}
