import { randomUUID } from "node:crypto"
import { z } from "zod"
import { nameOf } from "#server/access/index.ts"
import { readCluster, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { brokerName } from "#server/inputs.ts"
import { Prisma } from "#server/store/prisma/client.ts"
import { type Built, buildPlan, type Wanted } from "./build.ts"
import { lastMoved } from "./commit-history.ts"
import { scopeInput, strategyInput } from "./model.ts"

export const groupKey = z.object({ cluster: slug, group: brokerName })

export const previewInput = groupKey.extend({
  strategy: strategyInput,
  scope: scopeInput.default(null),
  create: z
    .boolean()
    .default(false)
    .describe(
      "Plan for a group that does not exist: applying the plan creates it. Without it, that is a 404.",
    ),
})

/** Drafts that nobody applied are kept this long. */
const DRAFTS_KEPT_MS = 30 * 86_400_000

/** Makes a plan, stores it, and answers its id. Writes nothing to the broker. */
export async function previewReset(
  ctx: Context,
  input: z.output<typeof previewInput>,
): Promise<{ plan: string }> {
  const cluster = await readCluster(ctx, input.cluster)
  return storePlan(ctx, { ...input, cluster, undoOf: null })
}

/** Builds and stores a plan. */
export async function storePlan(
  ctx: Context,
  wanted: Wanted & { undoOf: string | null },
): Promise<{ plan: string }> {
  const built = await buildPlan(ctx, wanted)
  const id = randomUUID()
  const { cluster, group, strategy, scope, undoOf } = wanted
  await ctx.store.prisma.offsetPlan.create({
    data: {
      ...{ id, clusterId: cluster.id, group, undoOf, createdBy: nameOf(ctx.actor) },
      ...{ groupType: built.group.type, existed: built.group.exists, createdAt: new Date(ctx.now()) },
      ...documents({ strategy, scope, ...built }),
      warnings: await warningsOf(ctx, wanted, built),
    },
  })
  const old = new Date(ctx.now() - DRAFTS_KEPT_MS)
  await ctx.store.prisma.offsetPlan.deleteMany({
    where: { clusterId: cluster.id, state: { in: ["draft", "expired", "replaced"] }, createdAt: { lt: old } },
  })
  return { plan: id }
}

/** The typed documents of a plan, as Prisma takes them. */
export function documents(plan: Pick<Wanted, "strategy" | "scope"> & Pick<Built, "lines">) {
  return {
    strategy: plan.strategy as Prisma.InputJsonValue,
    scope: plan.scope === null ? Prisma.DbNull : (plan.scope as Prisma.InputJsonValue),
    lines: plan.lines as unknown as Prisma.InputJsonValue,
  }
}

async function warningsOf(ctx: Context, wanted: Wanted, built: Built): Promise<string[]> {
  const { group } = built
  const moved =
    group.members?.length === 0
      ? await lastMoved(ctx, { clusterId: wanted.cluster.id, group: wanted.group })
      : null
  const assigned =
    moved === null
      ? []
      : [
          `Its commits moved ${Math.round(moved / 1000)} s ago, and it has no member: either it was only just stopped, or ` +
            "a consumer reads with assign(), which shows no member and will go on from its own position.",
        ]
  const unreadable = group.members === null ? ["Its members could not be read: it may be active."] : []
  return [...assigned, ...unreadable, ...built.warnings]
}
