import {
  activityInput,
  destinationActivity,
  destinationInput,
  getDestination,
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
  activity: procedure("cluster.view")
    .input(activityInput)
    .query(({ ctx, input }) => destinationActivity(ctx, input)),
})
