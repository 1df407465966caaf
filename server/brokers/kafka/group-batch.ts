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

export function failed(group: ListedGroup, code: number, problems: Problem[]): ConsumerGroup {
  problems.push(problem({ kind: "group", group: group.name }, code, `The members of ${group.name}`))
  return bare(group)
}
