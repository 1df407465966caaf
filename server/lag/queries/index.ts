export type {
  Forecast,
  GroupDetail,
  GroupRow,
  LagHistory,
  MemberRow,
  PartitionRow,
  TotalParts,
} from "../views.ts"
export { getGroup, groupInput, listGroups, listGroupsInput } from "./groups.ts"
export { historyInput, lagHeat, lagHistory } from "./history.ts"
export { listMembers } from "./members.ts"
export { listPartitions, listPartitionsInput } from "./partitions.ts"
