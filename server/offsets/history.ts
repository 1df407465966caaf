import type { z } from "zod"
import { readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { time } from "#server/inputs.ts"
import { summariesOf } from "./get-plan.ts"
import { groupKey } from "./preview.ts"
import type { PlanSummary } from "./views.ts"

export const resetsInput = groupKey.extend({
  from: time.optional(),
  to: time.optional(),
})

const MAX_PLANS = 100

/** The resets of a group that wrote something or tried to, the latest first. */
export async function listResets(ctx: Context, input: z.output<typeof resetsInput>): Promise<PlanSummary[]> {
  const cluster = await readCluster(ctx, input.cluster)
  const rows = await ctx.store.prisma.offsetPlan.findMany({
    where: {
      clusterId: cluster.id,
      group: input.group,
      state: { in: ["applied", "partly", "failed", "applying"] },
      appliedAt: {
        ...(input.from === undefined ? {} : { gte: new Date(input.from) }),
        ...(input.to === undefined ? {} : { lte: new Date(input.to) }),
      },
    },
    orderBy: { appliedAt: "desc" },
    take: MAX_PLANS,
  })
  return summariesOf(
    ctx,
    rows.map((row) => ({ ...row, cluster })),
  )
}
