import type { KafkaClient } from "./client.ts"
import { LATEST, listOffsets } from "./log-offsets.ts"
import type { Metadata } from "./metadata.ts"
import { READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"

/** Partitions that are named one by one. */
const MAX_NOTES = 5

/** What open transactions hide on each topic (KIP-98: from the last stable offset on), in sentences by topic. */
export async function openTransactionNotes(
  client: KafkaClient,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const [stable, ends] = await Promise.all([
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_COMMITTED, signal }),
    listOffsets(client, metadata, { timestamp: LATEST, isolation: READ_UNCOMMITTED, signal }),
  ])
  return new Map(
    [...stable.offsets].map(([topic, list]) => {
      const notes = list.flatMap((offset, i) => noteOf(i, { offset, end: ends.offsets.get(topic)?.[i] }))
      const more = notes.length - MAX_NOTES
      return [
        topic,
        more > 0 ? [...notes.slice(0, MAX_NOTES), `The same holds for ${more} more partitions.`] : notes,
      ]
    }),
  )
}

function noteOf(partition: number, at: { offset: bigint | null; end: bigint | null | undefined }): string[] {
  const { offset, end = null } = at
  if (offset === null || end === null || offset >= end) return []
  return [
    `An open transaction on partition ${partition} hides the last ${end - offset} offsets from read_committed consumers.`,
  ]
}
