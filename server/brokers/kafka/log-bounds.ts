import type { LogBounds, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { EARLIEST, LATEST, listOffsets } from "./log-offsets.ts"
import { fetchMetadata, type Metadata } from "./metadata.ts"
import { READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"

/** Where the logs of these topics begin and end now: metadata once, and ListOffsets three times a leader. */
export async function readBounds(
  client: KafkaClient,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ found: LogBounds[]; problems: Problem[] }> {
  if (names.length === 0) return { found: [], problems: [] }
  const metadata = await fetchMetadata(client, names, signal)
  const logs = await fetchLogs(client, { metadata, names, signal })
  return { found: toBounds(logs), problems: [...logs.metadata.problems, ...logs.problems] }
}

/** What was read, topic by topic. */
export function toBounds(logs: ReadLogs): LogBounds[] {
  return logs.metadata.topics.map((topic) => ({
    name: topic.name,
    uid: topic.uid,
    internal: topic.internal,
    starts: logs.starts.get(topic.name) ?? [],
    ends: logs.ends.get(topic.name) ?? [],
    stable: logs.stable.get(topic.name) ?? [],
  }))
}

/** Of topics by name; offsets are indexed by partition, null: unknown. */
interface ReadLogs {
  metadata: Metadata
  starts: Map<string, (bigint | null)[]>
  ends: Map<string, (bigint | null)[]>
  stable: Map<string, (bigint | null)[]>
  problems: Problem[]
}

/** Start and end offsets; when a leader has moved since the metadata was read, once more with fresh metadata. */
export async function fetchLogs(
  client: KafkaClient,
  from: { metadata: Metadata; names: readonly string[] | null; signal: AbortSignal },
): Promise<ReadLogs> {
  const first = await readOnce(client, from.metadata, from.signal)
  if (!first.stale) return first
  const fresh = await fetchMetadata(client, from.names, from.signal).catch(() => null)
  return fresh ? readOnce(client, fresh, from.signal) : first
}

async function readOnce(
  client: KafkaClient,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<ReadLogs & { stale: boolean }> {
  const [starts, ends, stable] = await Promise.all([
    listOffsets(client, metadata, { timestamp: EARLIEST, isolation: READ_UNCOMMITTED, signal }),
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_UNCOMMITTED, signal }),
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_COMMITTED, signal }),
  ])
  return {
    metadata,
    starts: starts.offsets,
    ends: ends.offsets,
    stable: stable.offsets,
    problems: distinct([...ends.problems, ...starts.problems, ...stable.problems]),
    stale: starts.stale || ends.stale || stable.stale,
  }
}

/** All requests to a dead leader fail alike: once is enough to say so. */
function distinct(problems: Problem[]): Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify([problem.part, problem.code]), problem]))
  return [...seen.values()]
}
