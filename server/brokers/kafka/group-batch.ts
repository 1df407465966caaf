import { Writer } from "@platformatic/kafka"
import type { ConsumerGroup, Problem } from "../broker.ts"
import { problem } from "./errors.ts"
import type { ListedGroup } from "./list-groups.ts"

/** Groups of one type and one coordinator, described by one request. */
export interface GroupBatch {
  batch: ListedGroup[]
  type: string
  problems: Problem[]
  signal: AbortSignal
}

/** ShareGroupDescribe and StreamsGroupDescribe ask alike: group_ids and include_authorized_operations, TAG_BUFFER. */
export function describeRequest(groups: readonly string[]): Writer {
  return Writer.create()
    .appendArray([...groups], (writer, group) => writer.appendString(group), true, false)
    .appendBoolean(false)
    .appendTaggedFields()
}

/** What the list alone tells of a group; its members are unknown. */
export function bare(group: ListedGroup): ConsumerGroup {
  return {
    name: group.name,
    type: group.type,
    state: group.state,
    assignor: null,
    coordinator: group.coordinator.nodeId,
    members: null,
  }
}

function failed(group: ListedGroup, code: number, problems: Problem[]): ConsumerGroup {
  problems.push(problem({ kind: "group", group: group.name }, code, `The members of ${group.name}`))
  return bare(group)
}

/** What was answered for each group of a batch; a group with an error, or without an answer, is told bare. */
export function collectGroups<Answered extends { groupId: string; errorCode: number }>(
  ask: GroupBatch,
  answered: Answered[],
  toGroup: (group: ListedGroup, one: Answered) => ConsumerGroup,
): ConsumerGroup[] {
  const byName = new Map(answered.map((one) => [one.groupId, one]))
  return ask.batch.map((group) => {
    const one = byName.get(group.name)
    return one?.errorCode === 0 ? toGroup(group, one) : failed(group, one?.errorCode ?? -1, ask.problems)
  })
}
