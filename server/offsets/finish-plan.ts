import { type AuditedAct, audit, endAct } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { placeKey } from "#server/place.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { changes, planTotals } from "./line.ts"
import type { PlanLine } from "./model.ts"
import type { StoredPlan } from "./rows.ts"

export interface Applied {
  outcome: "applied" | "partly" | "failed"
  plan: string
  /** What became of it, in a sentence. */
  message: string
}

interface Finished {
  plan: StoredPlan
  lines: PlanLine[]
  cluster: string
}

/** What the plan never was about, since it could not be planned. */
function leftOut(lines: readonly PlanLine[]): string {
  const { length } = lines.filter((line) => line.trouble !== null)
  if (length === 0) return ""
  return ` ${length} could not be planned and stayed as before: plan the rest when it can be read.`
}

/** Partitions that an audit entry lists; the plan has them all. */
const MAX_LISTED = 500

/** Positions as the audit log lists them: by destination/partition. */
export function listed(lines: readonly PlanLine[], of: "from" | "to"): Record<string, number | null> {
  return Object.fromEntries(lines.slice(0, MAX_LISTED).map((line) => [placeKey(line), line[of]]))
}

/** What the audit log calls the application of a plan. */
export function actOf(plan: StoredPlan, cluster: string) {
  return { action: "offsets.apply", target: `${cluster}/${plan.group}`, cluster }
}

/** The result of an application. A plan that was being written when its process was replaced may have no beginning. */
export function endApply(
  tx: Prisma.TransactionClient,
  ctx: Context,
  { plan, act }: { plan: StoredPlan; act: AuditedAct },
): Promise<void> {
  return plan.auditId === null ? audit(tx, ctx, act) : endAct(tx, ctx, { ...act, begun: plan.auditId })
}

/** Notes what became of a plan, in it and in the audit log. */
export async function finish(ctx: Context, { plan, lines, cluster }: Finished): Promise<Applied> {
  const meant = lines.filter(changes)
  const written = meant.filter((line) => line.result === "written")
  const outcome =
    written.length === meant.length ? "applied" : written.length === 0 ? "failed" : ("partly" as const)
  const message = `${written.length} of ${meant.length} partitions were updated and verified.${leftOut(lines)}`
  const act = {
    ...actOf(plan, cluster),
    before: { snapshot: plan.snapshotId, positions: listed(written, "from") },
    after: { plan: plan.id, by: plan.appliedBy, ...planTotals(lines), positions: listed(written, "to") },
    ...(outcome === "applied" ? { result: "ok" as const } : { result: "failed" as const, reason: message }),
  }
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = {
      state: outcome,
      lines: lines as object[],
      outcome: message,
      armedUntil: null,
      auditId: null,
    }
    await tx.offsetPlan.update({ where: { id: plan.id }, data })
    await endApply(tx, ctx, { plan, act })
  })
  return { outcome, plan: plan.id, message }
}
