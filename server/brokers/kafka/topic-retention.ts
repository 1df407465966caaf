import type { ConfigEntry, Retention } from "../broker.ts"

/** Retention as a topic's configuration says it; -1 is unlimited. */
export function retentionOf(entries: readonly ConfigEntry[]): Retention {
  const setting = (name: string) => entries.find((entry) => entry.name === name)?.value ?? null
  const limit = (name: string) => {
    const value = Number(setting(name) ?? -1)
    return Number.isFinite(value) && value >= 0 ? value : null
  }
  const policy = setting("cleanup.policy") ?? "delete"
  return {
    ms: limit("retention.ms"),
    bytes: limit("retention.bytes"),
    deletes: policy.includes("delete"),
    compacts: policy.includes("compact"),
  }
}
