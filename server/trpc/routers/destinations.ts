import {
  activityInput,
  destinationActivity,
  destinationInput,
  destinationPartitionsInput,
  getDestination,
  listDestinationPartitions,
  listDestinations,
  listDestinationsInput,
} from "#server/clusters/index.ts"
import { procedure, router } from "../init.ts"

export const destinations = router({
  list: procedure("cluster.view")
    .input(listDestinationsInput)
    .query(({ ctx, input }) => listDestinations(ctx, input)),
  get: procedure("cluster.view")
    .input(destinationInput)
    .query(({ ctx, input }) => getDestination(ctx, input)),
  partitions: procedure("cluster.view")
    .input(destinationPartitionsInput)
    .query(({ ctx, input }) => listDestinationPartitions(ctx, input)),
  activity: procedure("cluster.view")
    .input(activityInput)
    .query(({ ctx, input }) => destinationActivity(ctx, input)),
})
