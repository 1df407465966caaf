import type { SettingRules, Settings } from "../broker.ts"

const POLICY = "cleanup.policy"
const MIN_ISR = "min.insync.replicas"
const RETENTION = "retention.ms"

/** What a topic's settings mean. cleanup.policy is a list: delete, compact, or both. */
export const kafkaSettings: SettingRules = {
  isCompacted: (settings) => has(settings, "compact"),
  whyNotEmptied: (settings) =>
    (settings.get(POLICY) ?? null) === null || has(settings, "delete")
      ? null
      : "It is compacted: messages are only deleted where cleanup.policy has delete.",
  warnings: ({ before, after, replicas }) => [
    ...(before === null && replicas === 1
      ? ["With one replica, messages are lost with the broker that holds them."]
      : []),
    ...(before?.get(MIN_ISR) === after.get(MIN_ISR) ? [] : ofMinIsr(replicas, after.get(MIN_ISR))),
    ...(before === null ? [] : ofPolicy(before, after)),
  ],
  deletesOlderThan: ({ before, after }) => {
    const [today, next] = [before, after].map((one) => Number(one.get(RETENTION) ?? Number.NaN))
    if (today === undefined || next === undefined || !has(after, "delete")) return null
    return next >= 0 && (today < 0 || next < today) ? next : null
  },
}

function has(settings: Settings, policy: "delete" | "compact"): boolean {
  return settings.get(POLICY)?.includes(policy) ?? false
}

function ofMinIsr(replicas: number | null, least: string | null | undefined): string[] {
  const wanted = Number(least ?? Number.NaN)
  if (replicas === null || !(wanted > 1) || wanted < replicas) return []
  if (wanted === replicas)
    return [
      "min.insync.replicas equals the replica count: if one broker is down, producers with acks=all fail.",
    ]
  const there = replicas === 1 ? "1 replica" : `${replicas} replicas`
  return [
    `min.insync.replicas is ${wanted} but the topic has ${there}: producers with acks=all will be rejected.`,
  ]
}

function ofPolicy(before: Settings, after: Settings): string[] {
  const warnings: string[] = []
  if (!has(before, "delete") && has(after, "delete"))
    warnings.push("Messages will be deleted by age or size from now on; so far they were kept.")
  if (!has(before, "compact") && has(after, "compact"))
    warnings.push("Only the newest message of each key is kept, and messages without a key are rejected.")
  return warnings
}
