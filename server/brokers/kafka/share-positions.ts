import { type Broker as BrokerAddress, createAPI, type Reader, Writer } from "@platformatic/kafka"
import { answerOf } from "./answer.ts"
import type { KafkaClient } from "./client.ts"

/*
  DescribeShareGroupOffsets Request (Version: 0, 1) => [groups] TAG_BUFFER                          (KIP-932, API key 90)
    groups => group_id [topics] TAG_BUFFER
      group_id => COMPACT_STRING
      topics => topic_name [partitions] TAG_BUFFER            null: all topics of the group
        topic_name => COMPACT_STRING
        partitions => INT32
*/
function createOffsetsRequest(groups: readonly string[]): Writer {
  return Writer.create()
    .appendArray([...groups], (writer, group) => {
      writer.appendString(group).appendArray(null, () => undefined)
    })
    .appendTaggedFields()
}

/*
  DescribeShareGroupOffsets Response (Version: 0, 1) => throttle_time_ms [groups] TAG_BUFFER
    throttle_time_ms => INT32
    groups => group_id [topics] error_code error_message TAG_BUFFER
      topics => topic_name topic_id [partitions] TAG_BUFFER
        topic_name => COMPACT_STRING
        topic_id => UUID
        partitions => partition_index start_offset leader_epoch lag error_code error_message TAG_BUFFER
          partition_index => INT32
          start_offset => INT64
          leader_epoch => INT32
          lag => INT64                                    from version 1 (KIP-1226); -1: unknown
          error_code => INT16
          error_message => COMPACT_NULLABLE_STRING
      error_code => INT16
      error_message => COMPACT_NULLABLE_STRING
*/
function parseOffsetsResponse(reader: Reader, version: number) {
  reader.readInt32()
  const groups = reader.readArray((group) => ({
    groupId: group.readString(),
    topics: group.readArray((topic) => {
      const name = topic.readString()
      topic.readUUID()
      const partitions = topic.readArray((partition) => {
        const index = partition.readInt32()
        const startOffset = partition.readInt64()
        partition.readInt32()
        const lag = version >= 1 ? partition.readInt64() : -1n
        const errorCode = partition.readInt16()
        partition.readNullableString()
        return { index, startOffset, lag, errorCode }
      })
      return { name, partitions }
    }),
    errorCode: group.readInt16(),
    errorMessage: group.readNullableString(),
  }))
  reader.readTaggedFields()
  return { groups }
}

export type ShareGroupOffsets = ReturnType<typeof parseOffsetsResponse>
type Groups = [readonly string[]]
const v1 = createAPI<Groups, ShareGroupOffsets>(90, 1, createOffsetsRequest, answerOf(parseOffsetsResponse))
const v0 = createAPI<Groups, ShareGroupOffsets>(90, 0, createOffsetsRequest, answerOf(parseOffsetsResponse))

/** Where share groups of one coordinator stand; before Kafka 4.2 without their lag. */
export async function fetchShareOffsets(
  client: KafkaClient,
  to: BrokerAddress,
  ask: { groups: readonly string[]; signal: AbortSignal },
): Promise<ShareGroupOffsets> {
  const request = { args: [ask.groups] satisfies Groups, signal: ask.signal }
  try {
    return await client.send(to, v1, request)
  } catch (error) {
    if (ask.signal.aborted || !/parse|version|closed/i.test(String(error))) throw error
    return client.send(to, v0, request)
  }
}
