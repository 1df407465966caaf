import { createAPI, type Reader } from "@platformatic/kafka"
import type { ConsumerGroup } from "../broker.ts"
import { answerOf } from "./answer.ts"
import type { KafkaClient } from "./client.ts"
import { bare, collectGroups, describeRequest, type GroupBatch } from "./group-batch.ts"
import { kebab } from "./list-groups.ts"

/*
  StreamsGroupDescribe Request (Version: 0) => [group_ids] include_authorized_operations TAG_BUFFER (KIP-1071, API key 89)
    group_ids => COMPACT_STRING
    include_authorized_operations => BOOLEAN

  StreamsGroupDescribe Response (Version: 0) => throttle_time_ms [groups] TAG_BUFFER
    groups => error_code error_message group_id group_state group_epoch assignment_epoch topology [members]
              authorized_operations TAG_BUFFER
      topology => INT8 (-1: null) epoch [subtopologies] TAG_BUFFER
        subtopologies => subtopology_id [source_topics] [repartition_sink_topics] [state_changelog_topics]
                         [repartition_source_topics] TAG_BUFFER
          state_changelog_topics, repartition_source_topics => name partitions replication_factor [topic_configs] TAG_BUFFER
      members => member_id member_epoch instance_id rack_id client_id client_host topology_epoch process_id
                 user_endpoint [client_tags] [task_offsets] [task_end_offsets] assignment target_assignment
                 is_classic TAG_BUFFER
        user_endpoint => INT8 (-1: null) host port TAG_BUFFER
        task_offsets, task_end_offsets => subtopology_id partition offset TAG_BUFFER
        assignment, target_assignment => [active_tasks] [standby_tasks] [warmup_tasks] TAG_BUFFER
          active_tasks, standby_tasks, warmup_tasks => subtopology_id [partitions] TAG_BUFFER
*/
function parseResponse(reader: Reader) {
  reader.readInt32()
  const groups = reader.readArray((group) => {
    const errorCode = group.readInt16()
    group.readNullableString()
    const groupId = group.readString()
    const state = group.readString()
    group.readInt32()
    group.readInt32()
    const sources = readTopology(group)
    const members = group.readArray(readMember)
    group.readInt32()
    return { errorCode, groupId, state, sources, members }
  })
  reader.readTaggedFields()
  return { groups }
}

/** The topics that each subtopology reads. */
function readTopology(reader: Reader): Map<string, string[]> {
  if (reader.readInt8() < 0) return new Map()
  reader.readInt32()
  const subtopologies = reader.readArray((one): [string, string[]] => {
    const id = one.readString()
    const sources = readStrings(one)
    readStrings(one)
    one.readArray(readTopic)
    const repartitioned = one.readArray(readTopic)
    return [id, [...sources, ...repartitioned]]
  })
  reader.readTaggedFields()
  return new Map(subtopologies)
}

function readTopic(topic: Reader): string {
  const name = topic.readString()
  topic.readInt32()
  topic.readInt16()
  topic.readArray(readPair)
  return name
}

function readPair(pair: Reader): void {
  pair.readString()
  pair.readString()
}

function readStrings(reader: Reader): string[] {
  return reader.readArray((one) => one.readString(), true, false)
}

function readMember(member: Reader) {
  const id = member.readString()
  member.readInt32()
  const instanceId = member.readNullableString()
  member.readNullableString()
  const clientId = member.readString()
  const host = member.readString()
  member.readInt32()
  member.readString()
  if (member.readInt8() >= 0) {
    member.readString()
    member.readUnsignedInt16()
    member.readTaggedFields()
  }
  member.readArray(readPair)
  for (let i = 0; i < 2; i++) member.readArray(readTaskOffset)
  const active = readAssignment(member)
  readAssignment(member)
  member.readBoolean()
  return { id, instanceId, clientId, host, active }
}

function readTaskOffset(task: Reader): void {
  task.readString()
  task.readInt32()
  task.readInt64()
}

interface Task {
  subtopology: string
  partitions: number[]
}

/** The active tasks; standby and warm-up tasks process nothing. */
function readAssignment(reader: Reader): Task[] {
  const kinds = [0, 1, 2].map(() =>
    reader.readArray((task) => ({
      subtopology: task.readString(),
      partitions: task.readArray((partition) => partition.readInt32(), true, false),
    })),
  )
  reader.readTaggedFields()
  return kinds[0] ?? []
}

const streamsGroupDescribe = createAPI<[readonly string[]], ReturnType<typeof parseResponse>>(
  89,
  0,
  describeRequest,
  answerOf(parseResponse),
)

/** Streams groups of one coordinator with their members. */
export async function describeStreamsGroups(client: KafkaClient, ask: GroupBatch): Promise<ConsumerGroup[]> {
  const coordinator = ask.batch[0]?.coordinator
  if (!coordinator) return []
  const names = ask.batch.map((group) => group.name)
  const answer = await client.send(coordinator, streamsGroupDescribe, { args: [names], signal: ask.signal })
  return collectGroups(ask, answer.groups, (group, one) => {
    const members = one.members.map(({ id, instanceId, clientId, host, active }) => ({
      id,
      instanceId,
      clientId,
      host: host.replace(/^\//, ""),
      assignment: topicsOf(active, one.sources),
    }))
    return { ...bare(group), state: kebab(one.state), members }
  })
}

/** Task n of a subtopology reads partition n of each of its source topics. */
function topicsOf(tasks: Task[], sources: Map<string, string[]>) {
  const byTopic = new Map<string, number[]>()
  for (const task of tasks) {
    for (const topic of sources.get(task.subtopology) ?? []) {
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), ...task.partitions])
    }
  }
  return [...byTopic].map(([destination, partitions]) => ({
    destination,
    partitions: partitions.sort((a, b) => a - b),
  }))
}
