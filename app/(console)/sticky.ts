"use client"

import { useSearchParams } from "next/navigation"
import { useClusterFilter } from "./cluster-filter.tsx"
import { clustersParam } from "./group-params.ts"

/** What goes with you from place to place, besides the clusters: the time range, live or not. */
const STICKY = ["from", "to", "live"]

/** The query of a link to another place, "?from=now-6h" or "". */
export function useSticky(): string {
  const now = useSearchParams()
  // Next learns of a choice a moment after the page shows it: who goes on at once must not lose it.
  const clusters = useClusterFilter()
  const kept = new URLSearchParams(STICKY.flatMap((name) => now.getAll(name).map((value) => [name, value])))
  if (clusters.length > 0) kept.set("clusters", clustersParam.serialize(clusters))
  return kept.size > 0 ? `?${kept}` : ""
}
