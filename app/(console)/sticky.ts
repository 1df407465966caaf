"use client"

import { useSearchParams } from "next/navigation"

/** What goes with you from place to place: the time range, live or not, and the clusters. */
const STICKY = ["from", "to", "live", "clusters"]

/** The query of a link to another place, "?from=now-6h" or "". */
export function useSticky(): string {
  const now = useSearchParams()
  const kept = new URLSearchParams(STICKY.flatMap((name) => now.getAll(name).map((value) => [name, value])))
  return kept.size > 0 ? `?${kept}` : ""
}
