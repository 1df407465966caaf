import { createAPI, fetchV13, type Reader } from "@platformatic/kafka"
import { answerOf } from "./answer.ts"
import { type AbortedTransaction, READ_COMMITTED, READ_UNCOMMITTED } from "./transactions.ts"

/** What one partition answered. Its records are as they lie in the log. */
export interface FetchedPartition {
  topicId: string
  partition: number
  errorCode: number
  highWatermark: bigint
  lastStableOffset: bigint
  /** Told to read_committed only. */
  aborted: AbortedTransaction[]
  records: Buffer
}

/*
  Fetch Response (Version: 13) => throttle_time_ms error_code session_id [responses] TAG_BUFFER   (KIP-516)
    responses => topic_id [partitions] TAG_BUFFER
      partitions => partition_index error_code high_watermark last_stable_offset log_start_offset
                    [aborted_transactions] preferred_read_replica records TAG_BUFFER
        aborted_transactions => producer_id first_offset TAG_BUFFER
*/
function parseResponse(reader: Reader) {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readInt32()
  const topics = reader.readArray((topic) => {
    const topicId = topic.readUUID()
    return topic.readArray((partition) => readPartition(partition, topicId))
  })
  return { errorCode, partitions: topics.flat() }
}

function readPartition(reader: Reader, topicId: string): FetchedPartition {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = reader.readInt64()
  const lastStableOffset = reader.readInt64()
  reader.readInt64()
  const aborted = reader.readNullableArray((transaction) => ({
    producerId: transaction.readInt64(),
    firstOffset: transaction.readInt64(),
  }))
  reader.readInt32()
  const size = Math.max(0, reader.readUnsignedVarInt() - 1)
  const records = reader.buffer.slice(reader.position, reader.position + size)
  reader.skip(size)
  return { topicId, partition, errorCode, highWatermark, lastStableOffset, aborted: aborted ?? [], records }
}

type FetchArgs = Parameters<typeof fetchV13.createRequest>

/** Fetch whose answer is left packed, so that a scan unpacks batch by batch and its memory stays flat. */
export const fetchPacked = createAPI<FetchArgs, ReturnType<typeof parseResponse>>(
  1,
  13,
  fetchV13.createRequest,
  answerOf(parseResponse),
)

interface FetchAsk {
  topicId: string
  partition: number
  offset: bigint
}

/** Arguments of a Fetch of one partition that answers at once with what there is. */
export function fetchArgs(ask: FetchAsk & { bytes: number; committed: boolean }): FetchArgs {
  const topics = [{ topicId: ask.topicId, partitions: [wanted(ask, ask.bytes)] }]
  return [0, 0, ask.bytes, ask.committed ? READ_COMMITTED : READ_UNCOMMITTED, 0, -1, topics, [], ""]
}

/** Bytes of each partition, and of all, where only the heads of batches are looked at. */
const HEADS_BYTES = 1 << 16
const ALL_HEADS_BYTES = 1 << 22

/** The same of many partitions, of each the first batches, as far as they are committed. */
export function fetchManyArgs(asks: readonly FetchAsk[]): FetchArgs {
  return fetchPositionsArgs(asks, { bytesEach: HEADS_BYTES, bytes: ALL_HEADS_BYTES, committed: true })
}

/** The same of many partitions; `bytesEach` of each, and `bytes` of all together at most, but always one batch. */
export function fetchPositionsArgs(
  asks: readonly FetchAsk[],
  { bytesEach, bytes, committed }: { bytesEach: number; bytes: number; committed: boolean },
): FetchArgs {
  const topics = [...Map.groupBy(asks, (ask) => ask.topicId)].map(([topicId, list]) => ({
    topicId,
    partitions: list.map((ask) => wanted(ask, bytesEach)),
  }))
  return [0, 0, bytes, committed ? READ_COMMITTED : READ_UNCOMMITTED, 0, -1, topics, [], ""]
}

function wanted(ask: FetchAsk, bytes: number) {
  return {
    partition: ask.partition,
    currentLeaderEpoch: -1,
    fetchOffset: ask.offset,
    lastFetchedEpoch: -1,
    partitionMaxBytes: bytes,
  }
}
