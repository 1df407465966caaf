import { bytes, duration, UNKNOWN } from "#app/ui/format.ts"
import type { DestinationRow } from "#server/clusters/index.ts"

type Kept = Pick<DestinationRow, "cleanupPolicy" | "retentionMs" | "retentionBytes">

/** How long messages are kept, in a few words: "7 d", "15 m or 1 GB", "compacted", "for ever". */
export function retention(row: Kept): string {
  if (row.cleanupPolicy === null) return UNKNOWN
  const limits = [
    row.retentionMs !== null && row.retentionMs >= 0 ? duration(row.retentionMs) : null,
    row.retentionBytes !== null && row.retentionBytes >= 0 ? bytes(row.retentionBytes) : null,
  ].filter((limit) => limit !== null)
  if (!row.cleanupPolicy.includes("delete")) return "compacted"
  const kept = limits.length === 0 ? "unlimited" : limits.join(" or ")
  return row.cleanupPolicy.includes("compact") ? `compacted, ${kept}` : kept
}
