import { z } from "zod"
import { audit, identityOf, nameOf, visibleClusters } from "#server/access/index.ts"
import { readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName, text } from "#server/inputs.ts"
import { planKey, summariesOf } from "./get-plan.ts"
import { changes } from "./line.ts"
import type { PlanState } from "./model.ts"
import { readPlan } from "./rows.ts"
import type { PlanSummary } from "./views.ts"

const MINUTE = 60_000

export const armInput = planKey.extend({
  /** How long it waits for the group to become empty, ms. */
  forMs: z
    .number()
    .int()
    .min(MINUTE)
    .max(24 * 60 * MINUTE)
    .default(15 * MINUTE),
})

const ARMABLE: readonly PlanState[] = ["draft", "expired", "failed"]

/** Leaves a plan to be applied by itself when the group becomes empty. Rejects with `conflict` when one is armed already. */
export async function armPlan(
  ctx: Context,
  input: z.output<typeof armInput>,
): Promise<{ armedUntil: number }> {
  const cluster = await readCluster(ctx, input.cluster)
  const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
  if (!ARMABLE.includes(plan.state) || !plan.lines.some(changes))
    throw new DomainError("conflict", "This plan can no longer be armed: make a new one.")
  const armedUntil = new Date(ctx.now() + input.forMs)
  await ctx.store.prisma.$transaction(async (tx) => {
    const where = { clusterId: cluster.id, group: plan.group, state: { in: ["armed", "applying"] } }
    const other = await tx.offsetPlan.findFirst({ where, select: { id: true } })
    if (other) throw new DomainError("conflict", `Another plan for ${plan.group} is armed: cancel it first.`)
    const by = { armedBy: nameOf(ctx.actor), armedAs: identityOf(ctx.actor) }
    const data = { state: "armed", armedUntil, ...by, outcome: null }
    const { count } = await tx.offsetPlan.updateMany({ where: { id: plan.id, state: plan.state }, data })
    if (count === 0) throw new DomainError("conflict", "This plan has just been changed by somebody else.")
    const after = { plan: plan.id, until: armedUntil.toISOString() }
    const target = `${cluster.slug}/${plan.group}`
    await audit(tx, ctx, { action: "offsets.arm", target, cluster: cluster.slug, after, result: "ok" })
  })
  return { armedUntil: armedUntil.getTime() }
}

/** Takes an armed plan back; it can be applied or armed again. */
export async function cancelPlan(ctx: Context, input: z.output<typeof planKey>): Promise<{ plan: string }> {
  const cluster = await readCluster(ctx, input.cluster)
  const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = { state: "draft", armedUntil: null, outcome: `Cancelled by ${nameOf(ctx.actor)}.` }
    const { count } = await tx.offsetPlan.updateMany({ where: { id: plan.id, state: "armed" }, data })
    if (count === 0) throw new DomainError("conflict", "This plan is no longer armed.")
    const target = `${cluster.slug}/${plan.group}`
    const before = { plan: plan.id, armedBy: plan.armedBy }
    await audit(tx, ctx, { action: "offsets.cancel", target, cluster: cluster.slug, before, result: "ok" })
  })
  return { plan: plan.id }
}

export const armedInput = z.object({ cluster: text(100).optional(), group: brokerName.optional() })

/** The armed plans of all clusters that the actor may see. */
export async function listArmed(ctx: Context, input: z.output<typeof armedInput>): Promise<PlanSummary[]> {
  const visible = visibleClusters(ctx.actor)
  const rows = await ctx.store.prisma.offsetPlan.findMany({
    where: {
      state: { in: ["armed", "applying"] },
      ...(input.group === undefined ? {} : { group: input.group }),
      cluster: {
        AND: [
          visible === "all" ? {} : { slug: { in: [...visible] } },
          input.cluster === undefined ? {} : { slug: input.cluster },
        ],
      },
    },
    include: { cluster: { select: { slug: true } } },
    orderBy: { armedUntil: "asc" },
    take: 100,
  })
  return summariesOf(ctx, rows)
}
