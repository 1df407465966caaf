import { search, searchInput } from "#server/clusters/index.ts"
import { listJobs } from "#server/jobs/index.ts"
import { createCallerFactory, procedure, router } from "./init.ts"
import { newsOf } from "./live.ts"
import { access } from "./routers/access.ts"
import { administration } from "./routers/administration.ts"
import { alerts } from "./routers/alerts.ts"
import { auditLog } from "./routers/audit.ts"
import { clusters } from "./routers/clusters.ts"
import { destinations } from "./routers/destinations.ts"
import { failures } from "./routers/failures.ts"
import { groups } from "./routers/groups.ts"
import { masking } from "./routers/masking.ts"
import { messages } from "./routers/messages.ts"
import { offsets } from "./routers/offsets.ts"
import { traces } from "./routers/traces.ts"
import { views } from "./routers/views.ts"

export const appRouter = router({
  clusters,
  destinations,
  groups,
  failures,
  alerts,
  masking,
  traces,
  views,
  offsets,
  messages,
  access,
  administration,
  audit: auditLog,
  search: router({
    find: procedure("cluster.list")
      .input(searchInput)
      .query(({ ctx, input }) => search(ctx, input)),
  }),
  live: router({
    jobs: procedure("cluster.list").query(({ ctx }) => listJobs(ctx)),
    sweeps: procedure("cluster.list").subscription(({ ctx }) => newsOf(ctx)),
  }),
})

export type AppRouter = typeof appRouter
export const createCaller = createCallerFactory(appRouter)
