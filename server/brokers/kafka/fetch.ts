import { createAPI, fetchV13, type Reader } from "@platformatic/kafka"

/** What one partition answered. Its records are as they lie in the log. */
export interface FetchedPartition {
  errorCode: number
  highWatermark: bigint
  records: Buffer
}

/*
  Fetch Response (Version: 13) => throttle_time_ms error_code session_id [responses] TAG_BUFFER   (KIP-516)
    responses => topic_id [partitions] TAG_BUFFER
      partitions => partition_index error_code high_watermark last_stable_offset log_start_offset
                    [aborted_transactions] preferred_read_replica records TAG_BUFFER
        aborted_transactions => producer_id first_offset TAG_BUFFER
*/
function parseResponse(_correlationId: number, _key: number, _version: number, reader: Reader) {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readInt32()
  const topics = reader.readArray((topic) => {
    topic.readUUID()
    return topic.readArray(readPartition)
  })
  return { errorCode, partition: topics[0]?.[0] ?? null }
}

function readPartition(reader: Reader): FetchedPartition {
  reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = reader.readInt64()
  reader.readInt64()
  reader.readInt64()
  reader.readNullableArray((transaction) => {
    transaction.readInt64()
    return transaction.readInt64()
  })
  reader.readInt32()
  const size = Math.max(0, reader.readUnsignedVarInt() - 1)
  const records = reader.buffer.slice(reader.position, reader.position + size)
  reader.skip(size)
  return { errorCode, highWatermark, records }
}

type FetchArgs = Parameters<typeof fetchV13.createRequest>

/** Fetch whose answer is left packed, so that a scan unpacks batch by batch and its memory stays flat. */
export const fetchPacked = createAPI<FetchArgs, ReturnType<typeof parseResponse>>(
  1,
  13,
  fetchV13.createRequest,
  parseResponse,
)

/** Arguments of a Fetch of one partition that answers at once with what there is (read_uncommitted). */
export function fetchArgs(ask: {
  topicId: string
  partition: number
  offset: bigint
  bytes: number
}): FetchArgs {
  const partition = {
    partition: ask.partition,
    currentLeaderEpoch: -1,
    fetchOffset: ask.offset,
    lastFetchedEpoch: -1,
    partitionMaxBytes: ask.bytes,
  }
  return [0, 0, ask.bytes, 0, 0, -1, [{ topicId: ask.topicId, partitions: [partition] }], [], ""]
}
