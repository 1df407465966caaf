import { z } from "zod"
import { completeSetup, setupInput } from "../access/index.ts"
import {
  activityInput,
  connectCluster,
  connectInput,
  destinationActivity,
  destinationInput,
  getCluster,
  getDestination,
  listClusters,
  listDestinations,
  listDestinationsInput,
  listSystems,
  removeCluster,
  removeInput,
  search,
  searchInput,
  slug,
  testConnection,
  testInput,
} from "../clusters/index.ts"
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
} from "../lag/queries/index.ts"
import { adminProcedure, createCallerFactory, openProcedure, router, viewerProcedure } from "./init.ts"
import { sweepsOf } from "./live.ts"

const clusters = router({
  systems: viewerProcedure.query(() => listSystems()),
  list: viewerProcedure.query(({ ctx }) => listClusters(ctx)),
  get: viewerProcedure.input(z.object({ cluster: slug })).query(({ ctx, input }) => getCluster(ctx, input)),
  test: adminProcedure.input(testInput).mutation(({ ctx, input }) => testConnection(ctx, input)),
  connect: adminProcedure.input(connectInput).mutation(({ ctx, input }) => connectCluster(ctx, input)),
  remove: adminProcedure.input(removeInput).mutation(({ ctx, input }) => removeCluster(ctx, input)),
})

const destinations = router({
  list: viewerProcedure.input(listDestinationsInput).query(({ ctx, input }) => listDestinations(ctx, input)),
  get: viewerProcedure.input(destinationInput).query(({ ctx, input }) => getDestination(ctx, input)),
  activity: viewerProcedure.input(activityInput).query(({ ctx, input }) => destinationActivity(ctx, input)),
})

const groups = router({
  list: viewerProcedure.input(listGroupsInput).query(({ ctx, input }) => listGroups(ctx, input)),
  get: viewerProcedure.input(groupInput).query(({ ctx, input }) => getGroup(ctx, input)),
  partitions: viewerProcedure
    .input(listPartitionsInput)
    .query(({ ctx, input }) => listPartitions(ctx, input)),
  history: viewerProcedure.input(historyInput).query(({ ctx, input }) => lagHistory(ctx, input)),
  heat: viewerProcedure.input(historyInput).query(({ ctx, input }) => lagHeat(ctx, input)),
  members: viewerProcedure.input(groupInput).query(({ ctx, input }) => listMembers(ctx, input)),
})

const access = router({
  me: viewerProcedure.query(({ ctx }) => ({ email: ctx.actor.email, role: ctx.actor.role })),
  setup: openProcedure.input(setupInput).mutation(({ ctx, input }) => completeSetup(ctx, input)),
})

export const appRouter = router({
  clusters,
  destinations,
  groups,
  access,
  search: router({ find: viewerProcedure.input(searchInput).query(({ ctx, input }) => search(ctx, input)) }),
  live: router({ sweeps: viewerProcedure.subscription(({ ctx, signal }) => sweepsOf(ctx, signal)) }),
})

export type AppRouter = typeof appRouter
export const createCaller = createCallerFactory(appRouter)
