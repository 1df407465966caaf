import { z } from "zod"
import type { Broker } from "#server/brokers/broker.ts"
import { openBroker, paging, readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { text } from "#server/inputs.ts"
import { readEach } from "#server/store/index.ts"
import type { OffsetPlan } from "#server/store/prisma/client.ts"
import { changes, planTotals } from "./line.ts"
import { groupKey } from "./preview.ts"
import { readPlan, type StoredPlan, toPlan } from "./rows.ts"
import { describePlan } from "./strategy-words.ts"
import type { Member, PlanSummary, PlanView } from "./views.ts"

export const planKey = groupKey.extend({ plan: text(100).min(1) })

export const getPlanInput = planKey.extend({
  /** Only the partitions that move, that cannot be planned, or that failed. */
  show: z.enum(["all", "moving", "clamped", "troubled", "failed"]).default("all"),
  ...paging,
})

const MEMBERS_DEADLINE_MS = 4000

/** A plan, with one page of its partitions, and who is in the group now. */
export async function getPlan(ctx: Context, input: z.output<typeof getPlanInput>): Promise<PlanView> {
  const cluster = await readCluster(ctx, input.cluster)
  const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
  const shown = plan.lines.filter((line) => {
    if (input.show === "moving") return changes(line)
    if (input.show === "clamped") return line.clamped !== null
    if (input.show === "troubled") return line.trouble !== null
    return input.show === "all" || line.result === "failed"
  })
  const first = (input.page - 1) * input.pageSize
  return {
    ...summaryOf(plan, cluster.slug),
    groupType: plan.groupType,
    existed: plan.existed,
    warnings: plan.warnings,
    members: await membersNow(await openBroker(ctx, input.cluster), plan.group),
    lines: shown.slice(first, first + input.pageSize),
    lineCount: shown.length,
  }
}

async function membersNow(broker: Broker, group: string): Promise<Member[] | null> {
  const signal = AbortSignal.timeout(MEMBERS_DEADLINE_MS)
  const described = await broker.describe({ groups: [group] }, signal).catch(() => null)
  if (!described) return null
  const found = described.groups[0]
  if (!found) return described.problems.every((one) => one.code === "not_found") ? [] : null
  return found.members?.map(({ clientId, host }) => ({ clientId, host })) ?? null
}

function summaryOf(plan: StoredPlan, cluster: string): PlanSummary {
  return {
    ...{ id: plan.id, cluster, group: plan.group, strategy: withoutText(plan), scope: plan.scope },
    ...{ what: describePlan(plan), state: plan.state, totals: planTotals(plan.lines) },
    ...{ createdAt: plan.createdAt.getTime(), createdBy: plan.createdBy },
    ...{ armedUntil: plan.armedUntil?.getTime() ?? null, armedBy: plan.armedBy },
    ...{ appliedAt: plan.appliedAt?.getTime() ?? null, appliedBy: plan.appliedBy },
    ...{ outcome: plan.outcome, undoOf: plan.undoOf, replacedBy: plan.replacedBy, snapshot: plan.snapshotId },
  }
}

/** Plans in a list. One that cannot be read is left out, and the log says why. */
export function summariesOf(
  ctx: Context,
  rows: readonly (OffsetPlan & { cluster: { slug: string } })[],
): PlanSummary[] {
  const read = (row: (typeof rows)[number]) => summaryOf(toPlan(row), row.cluster.slug)
  return readEach(rows, read, (error) => ctx.log.error({ err: error }, "a plan cannot be shown"))
}

/** A file is as long as its plan; its lines are in the plan already. */
function withoutText({ strategy }: StoredPlan): StoredPlan["strategy"] {
  return strategy.kind === "csv" ? { ...strategy, text: "see lines" } : strategy
}
