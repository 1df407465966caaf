export { getGroup, groupInput, listGroups, listGroupsInput } from "./groups.ts"
export { historyInput, lagHeat, lagHistory } from "./history.ts"
export { listMembers } from "./members.ts"
export { listPartitions, listPartitionsInput } from "./partitions.ts"
