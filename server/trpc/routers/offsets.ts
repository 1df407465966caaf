import {
  applyPlan,
  armedInput,
  armInput,
  armPlan,
  cancelPlan,
  getPlan,
  getPlanInput,
  listArmed,
  listResets,
  planKey,
  previewInput,
  previewReset,
  resetsInput,
  undoPlan,
} from "../../offsets/index.ts"
import { procedure, router } from "../init.ts"

export const offsets = router({
  preview: procedure("offsets.reset", "offsets.plan")
    .input(previewInput)
    .mutation(({ ctx, input }) => previewReset(ctx, input)),
  get: procedure("cluster.view")
    .input(getPlanInput)
    .query(({ ctx, input }) => getPlan(ctx, input)),
  applyPlan: procedure("offsets.reset", "offsets.apply")
    .input(planKey)
    .mutation(({ ctx, input }) => applyPlan(ctx, input)),
  arm: procedure("offsets.reset", "offsets.arm")
    .input(armInput)
    .mutation(({ ctx, input }) => armPlan(ctx, input)),
  cancel: procedure("offsets.reset", "offsets.cancel")
    .input(planKey)
    .mutation(({ ctx, input }) => cancelPlan(ctx, input)),
  undo: procedure("offsets.reset", "offsets.plan")
    .input(planKey)
    .mutation(({ ctx, input }) => undoPlan(ctx, input)),
  resets: procedure("cluster.view")
    .input(resetsInput)
    .query(({ ctx, input }) => listResets(ctx, input)),
  armed: procedure("cluster.list")
    .input(armedInput)
    .query(({ ctx, input }) => listArmed(ctx, input)),
})
