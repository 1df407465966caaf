import { z } from "zod"
import {
  connectCluster,
  connectInput,
  connectionInput,
  getCluster,
  getClusterHead,
  getConnection,
  listClusters,
  listSystems,
  nameClusters,
  removeCluster,
  removeInput,
  slug,
  testConnection,
  testInput,
  testStored,
  testStoredInput,
  updateCluster,
  updateInput,
} from "#server/clusters/index.ts"
import { clusterRates, clusterRatesInput } from "#server/lag/queries/index.ts"
import { procedure, router } from "../init.ts"

export const clusters = router({
  systems: procedure("cluster.list").query(() => listSystems()),
  list: procedure("cluster.list").query(({ ctx }) => listClusters(ctx)),
  names: procedure("cluster.list").query(({ ctx }) => nameClusters(ctx)),
  get: procedure("cluster.view")
    .input(z.object({ cluster: slug }))
    .query(({ ctx, input }) => getCluster(ctx, input)),
  head: procedure("cluster.view")
    .input(z.object({ cluster: slug }))
    .query(({ ctx, input }) => getClusterHead(ctx, input)),
  rates: procedure("cluster.list")
    .input(clusterRatesInput)
    .query(({ ctx, input }) => clusterRates(ctx, input)),
  test: procedure("cluster.connect", "cluster.test")
    .input(testInput)
    .mutation(({ ctx, input }) => testConnection(ctx, input)),
  connect: procedure("cluster.connect")
    .input(connectInput)
    .mutation(({ ctx, input }) => connectCluster(ctx, input)),
  getConnection: procedure("cluster.edit")
    .input(connectionInput)
    .query(({ ctx, input }) => getConnection(ctx, input)),
  testStored: procedure("cluster.edit", "cluster.test")
    .input(testStoredInput)
    .mutation(({ ctx, input }) => testStored(ctx, input)),
  update: procedure("cluster.edit")
    .input(updateInput)
    .mutation(({ ctx, input }) => updateCluster(ctx, input)),
  remove: procedure("cluster.remove")
    .input(removeInput)
    .mutation(({ ctx, input }) => removeCluster(ctx, input)),
})
