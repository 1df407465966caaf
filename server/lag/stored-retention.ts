import type { Retention } from "./model.ts"

/** Retention as the store keeps it of a destination. Nothing known of its clean-up means that nothing is deleted. */
export function storedRetention(one: {
  retentionMs: bigint | null
  retentionBytes: bigint | null
  cleanupPolicy: string | null
}): Retention {
  return {
    ms: one.retentionMs === null ? null : Number(one.retentionMs),
    bytes: one.retentionBytes === null ? null : Number(one.retentionBytes),
    deletes: one.cleanupPolicy?.includes("delete") ?? false,
    compacts: one.cleanupPolicy?.includes("compact") ?? false,
  }
}
