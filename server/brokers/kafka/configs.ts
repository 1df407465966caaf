import { describeConfigsV4 } from "@platformatic/kafka"
import type { ConfigEntry, DestinationConfig, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { defaultWithoutSynonym, fetchBrokerSettings, needsBroker } from "./config-defaults.ts"
import { problem, problemOf } from "./errors.ts"
import type { BrokerInfo } from "./metadata.ts"
import { retentionOf } from "./topic-retention.ts"

const TOPIC = 2
/** Topics in one request: an answer holds some 35 entries a topic. */
const BATCH = 500

const SOURCES: Record<number, string> = {
  1: "topic",
  2: "dynamic-broker",
  3: "dynamic-default-broker",
  4: "static",
  5: "default",
  6: "dynamic-broker-logger",
  7: "client-metrics",
  8: "group",
}
const OF_TOPIC = 1
const DEFAULT = 5

/** Configuration of topics, with who set each entry and what it would be without (KIP-226, KIP-569). */
export async function describeConfigs(
  client: KafkaClient,
  { topics, brokers }: { topics: readonly string[]; brokers: readonly BrokerInfo[] },
  signal: AbortSignal,
): Promise<{ found: DestinationConfig[]; problems: Problem[] }> {
  const raw: { destination: string; entries: RawEntry[] }[] = []
  const problems: Problem[] = []
  for (let i = 0; i < topics.length; i += BATCH) {
    const batch = topics.slice(i, i + BATCH)
    const resources = batch.map((resourceName) => ({
      resourceType: TOPIC,
      resourceName,
      configurationKeys: null,
    }))
    // configurationKeys: null asks for all entries; the library types the list as required.
    const args = [resources, true, false] as unknown as [never[], boolean, boolean]
    try {
      const answer = await client.sendToAny(describeConfigsV4.api, { args, signal })
      for (const result of answer.results) {
        const part = { kind: "destination" as const, destination: result.resourceName }
        const what = `The configuration of ${result.resourceName}`
        if (result.errorCode !== 0) problems.push(problem(part, result.errorCode, what))
        else raw.push({ destination: result.resourceName, entries: result.configs })
      }
    } catch (error) {
      problems.push(problemOf({ kind: "cluster" }, error, `The configuration of ${batch.length} topics`))
    }
  }
  const asks = raw.some((one) => one.entries.some((entry) => isOverridden(entry) && needsBroker(entry.name)))
  const settings = asks ? await fetchBrokerSettings(client, brokers[0], signal) : new Map<string, string>()
  const found = raw.map(({ destination, entries }) => ({
    destination,
    ...withRetention(entries.map((entry) => toEntry(entry, settings))),
  }))
  return { found, problems }
}

function withRetention(entries: ConfigEntry[]): Pick<DestinationConfig, "entries" | "retention"> {
  return { entries, retention: retentionOf(entries) }
}

interface RawEntry {
  name: string
  value?: string | null
  readOnly: boolean
  configSource: number
  isSensitive: boolean
  synonyms: { value?: string | null; source: number }[]
}

function isOverridden(entry: RawEntry): boolean {
  return entry.configSource === OF_TOPIC
}

function toEntry(entry: RawEntry, settings: ReadonlyMap<string, string>): ConfigEntry {
  return {
    name: entry.name,
    value: entry.isSensitive ? null : (entry.value ?? null),
    source: SOURCES[entry.configSource] ?? "unknown",
    isDefault: entry.configSource === DEFAULT,
    isOverride: entry.configSource === OF_TOPIC,
    sensitive: entry.isSensitive,
    readOnly: entry.readOnly,
    default: entry.isSensitive ? null : defaultOf(entry, settings),
  }
}

function defaultOf(entry: RawEntry, settings: ReadonlyMap<string, string>): string | null {
  if (!isOverridden(entry)) return entry.value ?? null
  const inherited = entry.synonyms.find((synonym) => synonym.source !== OF_TOPIC)
  return inherited?.value ?? defaultWithoutSynonym(entry.name, settings)
}
