import type { z } from "zod"
import { readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { planKey } from "./get-plan.ts"
import { scopeOf } from "./plan-rest.ts"
import { storePlan } from "./preview.ts"
import { readPlan } from "./rows.ts"

/** Makes the plan that takes another back: what that one wrote goes to where the group stood before. */
export async function undoPlan(ctx: Context, input: z.output<typeof planKey>): Promise<{ plan: string }> {
  const cluster = await readCluster(ctx, input.cluster)
  const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
  const written = plan.lines.filter((line) => line.result === "written")
  if (plan.snapshotId === null || written.length === 0)
    throw new DomainError("conflict", "This plan has changed nothing, so there is nothing to undo.")
  const strategy = { kind: "snapshot" as const, snapshot: plan.snapshotId }
  const scope = scopeOf(written)
  // A group whose commits were all deleted is no longer there; taking that back creates it again.
  return storePlan(ctx, { cluster, group: plan.group, strategy, scope, undoOf: plan.id, create: true })
}
