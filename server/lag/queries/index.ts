export type {
  Forecast,
  GroupDetail,
  GroupRow,
  LagHistory,
  MemberRow,
  PartitionRow,
  StatusHistory,
  TotalParts,
} from "../views.ts"
export { clusterRates, clusterRatesInput } from "./cluster-rates.ts"
export { getGroup, groupInput, listGroups, listGroupsInput } from "./groups.ts"
export { lagHeat } from "./heat.ts"
export { historyInput, lagHistory } from "./history.ts"
export { listMembers } from "./members.ts"
export { listPartitions, listPartitionsInput } from "./partitions.ts"
export { statusHistory, statusHistoryInput } from "./statuses.ts"
