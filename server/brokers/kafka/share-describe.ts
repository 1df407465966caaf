import { createAPI, type Reader } from "@platformatic/kafka"
import type { ConsumerGroup } from "../broker.ts"
import { answerOf } from "./answer.ts"
import type { KafkaClient } from "./client.ts"
import { bare, collectGroups, describeRequest, type GroupBatch } from "./group-batch.ts"
import { kebab } from "./list-groups.ts"

/*
  ShareGroupDescribe Request (Version: 1) => [group_ids] include_authorized_operations TAG_BUFFER   (KIP-932, API key 77)
    group_ids => COMPACT_STRING
    include_authorized_operations => BOOLEAN

  ShareGroupDescribe Response (Version: 1) => throttle_time_ms [groups] TAG_BUFFER
    throttle_time_ms => INT32
    groups => error_code error_message group_id group_state group_epoch assignment_epoch assignor_name [members]
              authorized_operations TAG_BUFFER
      members => member_id rack_id member_epoch client_id client_host [subscribed_topic_names] assignment TAG_BUFFER
        assignment => [topic_partitions] TAG_BUFFER
          topic_partitions => topic_id topic_name [partitions] TAG_BUFFER
*/
function parseResponse(reader: Reader) {
  reader.readInt32()
  const groups = reader.readArray((group) => ({
    errorCode: group.readInt16(),
    errorMessage: group.readNullableString(),
    groupId: group.readString(),
    state: group.readString(),
    groupEpoch: group.readInt32(),
    assignmentEpoch: group.readInt32(),
    assignor: group.readString(),
    members: group.readArray(readMember),
    authorizedOperations: group.readInt32(),
  }))
  reader.readTaggedFields()
  return { groups }
}

function readMember(member: Reader) {
  const id = member.readString()
  member.readNullableString()
  member.readInt32()
  const clientId = member.readString()
  const host = member.readString()
  member.readArray((topic) => topic.readString(), true, false)
  const assignment = member.readArray((topic) => {
    topic.readUUID()
    return {
      destination: topic.readString(),
      partitions: topic.readArray((partition) => partition.readInt32(), true, false),
    }
  })
  member.readTaggedFields()
  return { id, clientId, host, assignment }
}

const shareGroupDescribe = createAPI<[readonly string[]], ReturnType<typeof parseResponse>>(
  77,
  1,
  describeRequest,
  answerOf(parseResponse),
)

/** Share groups of one coordinator with their members. */
export async function describeShareGroups(client: KafkaClient, ask: GroupBatch): Promise<ConsumerGroup[]> {
  const coordinator = ask.batch[0]?.coordinator
  if (!coordinator) return []
  const names = ask.batch.map((group) => group.name)
  const answer = await client.send(coordinator, shareGroupDescribe, { args: [names], signal: ask.signal })
  return collectGroups(ask, answer.groups, (group, one) => {
    const members = one.members.map((member) => ({
      id: member.id,
      instanceId: null,
      clientId: member.clientId,
      host: member.host.replace(/^\//, ""),
      assignment: member.assignment,
    }))
    return { ...bare(group), state: kebab(one.state), assignor: one.assignor || null, members }
  })
}
