import { createAPI, type Reader, Writer } from "@platformatic/kafka"
import type { Place } from "#server/place.ts"
import type { Position, Problem } from "../broker.ts"
import { answerOf } from "./answer.ts"
import type { KafkaClient } from "./client.ts"
import { askCoordinator } from "./coordinator.ts"
import { errorName } from "./errors.ts"
import { byTopic, type Change, refuseActive, unwritten } from "./offsets-change.ts"

interface TopicOffsets {
  name: string
  partitions: { index: number; offset: bigint }[]
}

/*
  AlterShareGroupOffsets Request (Version: 0) => group_id [topics] TAG_BUFFER                      (KIP-932, API key 91)
    group_id => COMPACT_STRING
    topics => topic_name [partitions] TAG_BUFFER
      topic_name => COMPACT_STRING
      partitions => partition_index start_offset TAG_BUFFER
        partition_index => INT32
        start_offset => INT64
*/
function createAlter(group: string, topics: TopicOffsets[]): Writer {
  return Writer.create()
    .appendString(group)
    .appendArray(topics, (writer, topic) => {
      writer.appendString(topic.name).appendArray(topic.partitions, (inner, partition) => {
        inner.appendInt32(partition.index).appendInt64(partition.offset)
      })
    })
    .appendTaggedFields()
}

/*
  AlterShareGroupOffsets Response (Version: 0) => throttle_time_ms error_code error_message [responses] TAG_BUFFER
    responses => topic_name topic_id [partitions] TAG_BUFFER
      topic_name => COMPACT_STRING
      topic_id => UUID
      partitions => partition_index error_code error_message TAG_BUFFER
*/
function parseAlter(reader: Reader) {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readNullableString()
  const topics = reader.readArray((topic) => {
    const name = topic.readString()
    topic.readUUID()
    const partitions = topic.readArray((partition) => {
      const index = partition.readInt32()
      const code = partition.readInt16()
      partition.readNullableString()
      return { index, code }
    })
    return { name, partitions }
  })
  reader.readTaggedFields()
  return { errorCode, topics }
}

const alterShareGroupOffsets = createAPI<[string, TopicOffsets[]], ReturnType<typeof parseAlter>>(
  91,
  0,
  createAlter,
  answerOf(parseAlter),
)

/*
  DeleteShareGroupOffsets Request (Version: 0) => group_id [topics] TAG_BUFFER                     (KIP-932, API key 92)
    group_id => COMPACT_STRING
    topics => topic_name TAG_BUFFER
*/
function createDelete(group: string, topics: string[]): Writer {
  return Writer.create()
    .appendString(group)
    .appendArray(topics, (writer, topic) => writer.appendString(topic))
    .appendTaggedFields()
}

/*
  DeleteShareGroupOffsets Response (Version: 0) => throttle_time_ms error_code error_message [responses] TAG_BUFFER
    responses => topic_name topic_id error_code error_message TAG_BUFFER
*/
function parseDelete(reader: Reader) {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readNullableString()
  const topics = reader.readArray((topic) => {
    const name = topic.readString()
    topic.readUUID()
    const code = topic.readInt16()
    topic.readNullableString()
    return { name, code }
  })
  reader.readTaggedFields()
  return { errorCode, topics }
}

const deleteShareGroupOffsets = createAPI<[string, string[]], ReturnType<typeof parseDelete>>(
  92,
  0,
  createDelete,
  answerOf(parseDelete),
)

/** Moves the start of share partitions; what was in flight before is forgotten by the broker. */
export async function alterShareOffsets(
  client: KafkaClient,
  { group, positions, signal }: Change & { positions: readonly Position[] },
): Promise<{ written: Position[]; problems: Problem[] }> {
  const topics = byTopic(positions).map(([name, list]) => ({
    name,
    partitions: list.map((one) => ({ index: one.partition, offset: one.offset })),
  }))
  const answer = await askCoordinator(client, {
    group,
    signal,
    send: (to) => client.send(to, alterShareGroupOffsets, { args: [group, topics], signal }),
    codesOf: (one) => [one.errorCode],
  })
  refuseActive(group, [answer.errorCode])
  const codeOf = (one: Position) =>
    answer.errorCode ||
    (answer.topics
      .find((topic) => topic.name === one.destination)
      ?.partitions.find((partition) => partition.index === one.partition)?.code ??
      -1)
  return {
    written: positions.filter((one) => codeOf(one) === 0),
    problems: positions.filter((one) => codeOf(one) !== 0).map((one) => unwritten(one, codeOf(one))),
  }
}

/** Forgets whole topics: the broker knows nothing smaller. */
export async function deleteShareOffsets(
  client: KafkaClient,
  { group, partitions, signal }: Change & { partitions: readonly Place[] },
): Promise<{ problems: Problem[] }> {
  const names = byTopic(partitions).map(([name]) => name)
  const answer = await askCoordinator(client, {
    group,
    signal,
    send: (to) => client.send(to, deleteShareGroupOffsets, { args: [group, names], signal }),
    codesOf: (one) => [one.errorCode],
  })
  if (errorName(answer.errorCode) === "GROUP_ID_NOT_FOUND") return { problems: [] }
  refuseActive(group, [answer.errorCode])
  const codeOf = (one: Place) =>
    answer.errorCode || (answer.topics.find((topic) => topic.name === one.destination)?.code ?? -1)
  const failed = partitions.filter((one) => codeOf(one) !== 0)
  return { problems: failed.map((one) => unwritten(one, codeOf(one))) }
}
