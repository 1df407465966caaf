import type { z } from "zod"
import { readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { planKey } from "./get-plan.ts"
import type { PlanLine, Scope, Strategy } from "./model.ts"
import { storePlan } from "./preview.ts"
import { readPlan, type StoredPlan } from "./rows.ts"

/**
 * Makes the same plan for the partitions that could not be planned, to be applied when they can be read again: a broker
 * is back. What the plan has written is left alone. Rejects with `conflict` where none was left out.
 */
export async function planRest(ctx: Context, input: z.output<typeof planKey>): Promise<{ plan: string }> {
  const cluster = await readCluster(ctx, input.cluster)
  const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
  const left = plan.lines.filter((line) => line.trouble !== null)
  if (left.length === 0)
    throw new DomainError("conflict", "All partitions were included; there is nothing left to plan.")
  const { group, undoOf } = plan
  const create = !plan.existed
  return storePlan(ctx, { cluster, group, undoOf, strategy: sameMoment(plan), scope: scopeOf(left), create })
}

/** "An hour back" was an hour before that preview, for the rest of it too. */
function sameMoment({ strategy, createdAt }: StoredPlan): Strategy {
  return strategy.kind === "back" ? { kind: "time", at: createdAt.getTime() - strategy.ms } : strategy
}

/** The partitions of these lines. */
export function scopeOf(lines: readonly PlanLine[]): NonNullable<Scope> {
  return [...Map.groupBy(lines, (line) => line.destination)].map(([destination, list]) => ({
    destination,
    partitions: list.map((line) => line.partition),
  }))
}
