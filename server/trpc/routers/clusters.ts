import { z } from "zod"
import {
  connectCluster,
  connectInput,
  getCluster,
  listClusters,
  listSystems,
  removeCluster,
  removeInput,
  slug,
  testConnection,
  testInput,
} from "../../clusters/index.ts"
import { procedure, router } from "../init.ts"

export const clusters = router({
  systems: procedure("cluster.list").query(() => listSystems()),
  list: procedure("cluster.list").query(({ ctx }) => listClusters(ctx)),
  get: procedure("cluster.view")
    .input(z.object({ cluster: slug }))
    .query(({ ctx, input }) => getCluster(ctx, input)),
  test: procedure("cluster.connect")
    .input(testInput)
    .mutation(({ ctx, input }) => testConnection(ctx, input)),
  connect: procedure("cluster.connect")
    .input(connectInput)
    .mutation(({ ctx, input }) => connectCluster(ctx, input)),
  remove: procedure("cluster.remove")
    .input(removeInput)
    .mutation(({ ctx, input }) => removeCluster(ctx, input)),
})
