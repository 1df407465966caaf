import { completeSetup, setupInput } from "../../access/index.ts"
import { openProcedure, procedure, router } from "../init.ts"

export const access = router({
  me: procedure("access.own").query(({ ctx }) => ({
    name: ctx.actor.kind === "user" ? ctx.actor.email : ctx.actor.name,
    role: ctx.actor.role,
    clusters: ctx.actor.clusters,
  })),
  setup: openProcedure.input(setupInput).mutation(({ ctx, input }) => completeSetup(ctx, input)),
})
