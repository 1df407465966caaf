import { z } from "zod"
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
  planApplied,
  planArmed,
  planKey,
  planMade,
  planRest,
  planSummary,
  planView,
  previewInput,
  previewReset,
  resetsInput,
  undoPlan,
} from "#server/offsets/index.ts"
import { procedure, router } from "../init.ts"

const OFFSETS = "/clusters/{cluster}/groups/{group}/offsets"
const PLAN = `${OFFSETS}/plans/{plan}` as const

const get = (path: `/${string}`, summary: string) => ({
  ...{ method: "GET" as const, path, summary, tags: ["Offsets"] },
})
const post = (path: `/${string}`, summary: string) => ({ ...get(path, summary), method: "POST" as const })

const preview = post(
  `${OFFSETS}/plans`,
  "Preview a reset: a plan is made and stored. Nothing is written to the broker.",
)
const apply = post(
  `${PLAN}/apply`,
  "Apply a plan. 409 names the members of an active group; with the outcome `moved` nothing was written.",
)
const arm = post(`${PLAN}/arm`, "Leave a plan to be applied when the group becomes empty.")
const undo = post(`${PLAN}/undo`, "Create the plan that reverts this one; apply it to do so.")

const rest = post(`${PLAN}/rest`, "Create the same plan for the partitions that could not be planned.")

export const offsets = router({
  preview: procedure("offsets.reset", "offsets.plan", preview)
    .input(previewInput)
    .output(planMade)
    .mutation(({ ctx, input }) => previewReset(ctx, input)),
  get: procedure("cluster.view", undefined, get(PLAN, "A plan, with one page of its partitions."))
    .input(getPlanInput)
    .output(planView)
    .query(({ ctx, input }) => getPlan(ctx, input)),
  applyPlan: procedure("offsets.reset", "offsets.apply", apply)
    .input(planKey)
    .output(planApplied)
    .mutation(({ ctx, input }) => applyPlan(ctx, input)),
  arm: procedure("offsets.reset", "offsets.arm", arm)
    .input(armInput)
    .output(planArmed)
    .mutation(({ ctx, input }) => armPlan(ctx, input)),
  cancel: procedure("offsets.reset", "offsets.cancel", post(`${PLAN}/cancel`, "Take an armed plan back."))
    .input(planKey)
    .output(planMade)
    .mutation(({ ctx, input }) => cancelPlan(ctx, input)),
  undo: procedure("offsets.reset", "offsets.plan", undo)
    .input(planKey)
    .output(planMade)
    .mutation(({ ctx, input }) => undoPlan(ctx, input)),
  rest: procedure("offsets.reset", "offsets.plan", rest)
    .input(planKey)
    .output(planMade)
    .mutation(({ ctx, input }) => planRest(ctx, input)),
  resets: procedure(
    "cluster.view",
    undefined,
    get(`${OFFSETS}/resets`, "The resets of a group, latest first."),
  )
    .input(resetsInput)
    .output(z.array(planSummary))
    .query(({ ctx, input }) => listResets(ctx, input)),
  armed: procedure("cluster.list", undefined, get("/offsets/armed", "The plans that wait for their group."))
    .input(armedInput)
    .output(z.array(planSummary))
    .query(({ ctx, input }) => listArmed(ctx, input)),
})
