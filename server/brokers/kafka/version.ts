import { apiVersionsV3 } from "@platformatic/kafka"
import type { KafkaClient } from "./client.ts"

/** The first release in which each metadata.version feature level was finalised (KIP-778, MetadataVersion.java). */
const RELEASE_BY_LEVEL: readonly [level: number, release: string][] = [
  [4, "3.3"],
  [8, "3.4"],
  [9, "3.5"],
  [12, "3.6"],
  [15, "3.7"],
  [20, "3.8"],
  [21, "3.9"],
  [22, "4.0"],
  [26, "4.1"],
  [28, "4.2"],
  [30, "4.3"],
]

/**
 * Kafka does not tell its release. The finalised metadata.version does, up to what the operators have let it rise to;
 * where there is none (ZooKeeper, other implementations) null.
 */
export async function fetchVersion(client: KafkaClient, signal: AbortSignal): Promise<string | null> {
  const answer = await client
    .sendToAny(apiVersionsV3.api, { args: ["signalbox", "1"], signal })
    .catch(() => null)
  const level = answer?.finalizedFeatures?.find(
    (feature) => feature.name === "metadata.version",
  )?.maxVersionLevel
  return level === undefined ? null : releaseOf(level)
}

export function releaseOf(level: number): string | null {
  const known = RELEASE_BY_LEVEL.filter(([least]) => least <= level).at(-1)
  if (!known) return null
  const isLast = known === RELEASE_BY_LEVEL.at(-1)
  return isLast && level > known[0] ? `${known[1]} or later` : known[1]
}
