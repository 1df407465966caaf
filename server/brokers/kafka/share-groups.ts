import { createAPI, type Reader, Writer } from "@platformatic/kafka"
import type { Problem, SampledGroup } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, problemOf } from "./errors.ts"
import type { ListedGroup } from "./list-groups.ts"

/*
  DescribeShareGroupOffsets Request (Version: 0) => [groups] TAG_BUFFER                             (KIP-932, API key 90)
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
  DescribeShareGroupOffsets Response (Version: 0) => throttle_time_ms [groups] TAG_BUFFER
    throttle_time_ms => INT32
    groups => group_id [topics] error_code error_message TAG_BUFFER
      topics => topic_name topic_id [partitions] TAG_BUFFER
        topic_name => COMPACT_STRING
        topic_id => UUID
        partitions => partition_index start_offset leader_epoch error_code error_message TAG_BUFFER
          partition_index => INT32
          start_offset => INT64
          leader_epoch => INT32
          error_code => INT16
          error_message => COMPACT_NULLABLE_STRING
      error_code => INT16
      error_message => COMPACT_NULLABLE_STRING
*/
function parseOffsetsResponse(_correlationId: number, _key: number, _version: number, reader: Reader) {
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
        const errorCode = partition.readInt16()
        partition.readNullableString()
        return { index, startOffset, errorCode }
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
export const describeShareGroupOffsets = createAPI<[readonly string[]], ShareGroupOffsets>(
  90,
  0,
  createOffsetsRequest,
  parseOffsetsResponse,
)

/**
 * Where share groups stand. They commit no offset; what comes nearest is the share-partition start offset: all before
 * it is done. One request a coordinator.
 */
export async function sampleShareGroups(
  client: KafkaClient,
  listed: ListedGroup[],
  signal: AbortSignal,
): Promise<{ groups: SampledGroup[]; problems: Problem[] }> {
  const problems: Problem[] = []
  const batches = [...Map.groupBy(listed, (group) => group.coordinator.nodeId).values()]
  const groups = await Promise.all(
    batches.map(async (batch) => {
      const coordinator = batch[0]?.coordinator
      if (!coordinator) return []
      try {
        const names = batch.map((group) => group.name)
        const answer = await client.send(coordinator, describeShareGroupOffsets, { args: [names], signal })
        const answered = new Map(answer.groups.map((group) => [group.groupId, group]))
        return batch.map((group) => toSampled(group, answered.get(group.name), problems))
      } catch (error) {
        const what = `The positions of ${batch.length} share groups on broker ${coordinator.nodeId}`
        problems.push(problemOf({ kind: "node", node: coordinator.nodeId }, error, what))
        return batch.map((group) => unknown(group))
      }
    }),
  )
  return { groups: groups.flat(), problems }
}

function unknown(group: ListedGroup): SampledGroup {
  return { name: group.name, type: group.type, state: group.state, known: false, commits: [] }
}

function toSampled(
  group: ListedGroup,
  answer: ShareGroupOffsets["groups"][number] | undefined,
  problems: Problem[],
): SampledGroup {
  if (answer?.errorCode !== 0) {
    problems.push(
      problem(
        { kind: "group", group: group.name },
        answer?.errorCode ?? -1,
        `The positions of ${group.name}`,
      ),
    )
    return unknown(group)
  }
  const commits = answer.topics.map((topic) => {
    const offsets: (bigint | null)[] = []
    const lost: number[] = []
    for (const partition of topic.partitions) {
      while (offsets.length <= partition.index) offsets.push(null)
      if (partition.errorCode !== 0) lost.push(partition.index)
      else if (partition.startOffset >= 0n) offsets[partition.index] = partition.startOffset
    }
    return { destination: topic.name, offsets, unknown: lost }
  })
  return { name: group.name, type: group.type, state: group.state, known: true, commits }
}
