import {
  getGroup,
  groupInput,
  historyInput,
  lagHeat,
  lagHistory,
  listGroups,
  listGroupsInput,
  listMembers,
  listPartitions,
  listPartitionsInput,
  statusHistory,
  statusHistoryInput,
} from "#server/lag/queries/index.ts"
import { procedure, router } from "../init.ts"

export const groups = router({
  list: procedure("group.list")
    .input(listGroupsInput)
    .query(({ ctx, input }) => listGroups(ctx, input)),
  get: procedure("cluster.view")
    .input(groupInput)
    .query(({ ctx, input }) => getGroup(ctx, input)),
  partitions: procedure("cluster.view")
    .input(listPartitionsInput)
    .query(({ ctx, input }) => listPartitions(ctx, input)),
  history: procedure("cluster.view")
    .input(historyInput)
    .query(({ ctx, input }) => lagHistory(ctx, input)),
  statuses: procedure("cluster.view")
    .input(statusHistoryInput)
    .query(({ ctx, input }) => statusHistory(ctx, input)),
  heat: procedure("cluster.view")
    .input(historyInput)
    .query(({ ctx, input }) => lagHeat(ctx, input)),
  members: procedure("cluster.view")
    .input(groupInput)
    .query(({ ctx, input }) => listMembers(ctx, input)),
})
