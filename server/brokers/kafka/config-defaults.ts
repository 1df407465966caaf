import { describeConfigsV4 } from "@platformatic/kafka"
import type { KafkaClient } from "./client.ts"
import type { BrokerInfo } from "./metadata.ts"

const BROKER = 4 as const
const HOUR = 3_600_000
const MINUTE = 60_000

/**
 * Topic settings for which the broker tells no synonym, since it has them in several units: the broker's settings in
 * order of precedence, with what one unit is in milliseconds (Kafka's documentation, Broker Configs, log.retention.ms).
 */
const IN_UNITS: Record<string, readonly (readonly [setting: string, unitMs: number])[]> = {
  "retention.ms": [
    ["log.retention.ms", 1],
    ["log.retention.minutes", MINUTE],
    ["log.retention.hours", HOUR],
  ],
  "segment.ms": [
    ["log.roll.ms", 1],
    ["log.roll.hours", HOUR],
  ],
  "segment.jitter.ms": [
    ["log.roll.jitter.ms", 1],
    ["log.roll.jitter.hours", HOUR],
  ],
  "flush.ms": [
    ["log.flush.interval.ms", 1],
    ["log.flush.scheduler.interval.ms", 1],
  ],
}

/** Topic settings that no broker setting stands behind: their documented defaults (Topic Configs). */
const DOCUMENTED: Record<string, string> = {
  "remote.storage.enable": "false",
  "remote.log.copy.disable": "false",
  "remote.log.delete.on.disable": "false",
  "leader.replication.throttled.replicas": "",
  "follower.replication.throttled.replicas": "",
}

/** True for a setting whose default only the broker's own configuration tells. */
export function needsBroker(name: string): boolean {
  return Object.hasOwn(IN_UNITS, name)
}

/**
 * What a topic setting would be without an override where its entry has no synonym that says so; null: unknown.
 * `settings` are the broker's own (see fetchBrokerSettings).
 */
export function defaultWithoutSynonym(name: string, settings: ReadonlyMap<string, string>): string | null {
  for (const [setting, unitMs] of IN_UNITS[name] ?? []) {
    const value = settings.get(setting)
    if (value === undefined) continue
    // -1 is no time but "for ever".
    return value.startsWith("-") ? "-1" : String(BigInt(value) * BigInt(unitMs))
  }
  return DOCUMENTED[name] ?? null
}

/** The settings of one broker that topic settings inherit. Empty when it does not tell (it wants DESCRIBE_CONFIGS). */
export async function fetchBrokerSettings(
  client: KafkaClient,
  broker: BrokerInfo | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (!broker) return new Map()
  const configurationKeys = Object.values(IN_UNITS).flatMap((settings) => settings.map(([name]) => name))
  const resources = [{ resourceType: BROKER, resourceName: String(broker.nodeId), configurationKeys }]
  const args: Parameters<typeof describeConfigsV4.createRequest> = [resources, false, false]
  const answer = await client.send(broker, describeConfigsV4.api, { args, signal }).catch(() => null)
  const entries = answer?.results[0]?.configs ?? []
  return new Map(entries.flatMap(({ name, value }) => (value ? [[name, value] as const] : [])))
}
