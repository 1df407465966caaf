"use client"

import { useSyncExternalStore } from "react"
import { documentPreference } from "./document-preference.ts"

/** The zone that times are shown in: the viewer's own, or UTC as servers log. */
export type Zone = "local" | "utc"

/** A zone as a cookie has it; anything else is the viewer's. */
export function toZone(value: string | undefined): Zone {
  return value === "utc" ? "utc" : "local"
}

const preference = documentPreference<Zone>("zone", { parse: toZone, usual: "local" })

/** The viewer's zone or UTC: for this page at once, and remembered. */
export const chooseZone = preference.choose

/** What was chosen, for what writes a time and is no component. */
export const shownZone = preference.chosen

/** What was chosen; on the server, which shows no time, the viewer's. */
export function useZone(): Zone {
  return useSyncExternalStore(preference.subscribe, shownZone, () => "local")
}

/** The option of `Intl` that writes a time in the chosen zone. */
export function inZone(): { timeZone?: "UTC" } {
  return shownZone() === "utc" ? { timeZone: "UTC" } : {}
}

/** The name of a zone as IANA has it: "Europe/Berlin". */
export function zoneName(zone: Zone): string {
  return zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** How far a zone is from UTC at a moment (ms): "UTC+1", "UTC-3:30", "UTC". */
export function zoneOffset(zone: Zone, at: number): string {
  const minutes = zone === "utc" ? 0 : -new Date(at).getTimezoneOffset()
  if (minutes === 0) return "UTC"
  const size = Math.abs(minutes)
  const rest = size % 60 === 0 ? "" : `:${String(size % 60).padStart(2, "0")}`
  return `UTC${minutes < 0 ? "-" : "+"}${Math.floor(size / 60)}${rest}`
}
