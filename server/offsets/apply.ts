import type { z } from "zod"
import { audit } from "#server/access/index.ts"
import { readCluster } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { openOffsets } from "./build.ts"
import type { Applied } from "./finish-plan.ts"
import type { planKey } from "./get-plan.ts"
import { type GroupNow, type LogsNow, readGroupNow, readLogsNow } from "./group-now.ts"
import { changes } from "./line.ts"
import { withGroupLock } from "./lock.ts"
import type { PlanLine, PlanState } from "./model.ts"
import { storePlan } from "./preview.ts"
import { byWhom, refuseActive } from "./refuse-active.ts"
import { readPlan, type StoredPlan } from "./rows.ts"
import { begin, offsetOf, openLines, WRITE_DEADLINE_MS, writeRest } from "./write.ts"

/** Nothing was written since something had moved; `plan` is the new preview. */
export interface Moved {
  outcome: "moved"
  plan: string
  message: string
}

/** Plans that may (still) be applied. */
const OPEN: readonly PlanState[] = ["draft", "armed", "partly", "failed", "expired"]

/**
 * Writes a plan if the group is empty and stands where it stood in the preview. Rejects with `conflict`, naming the
 * members, when it is active. What failed before is tried again; what was written stays.
 */
export async function applyPlan(ctx: Context, input: z.output<typeof planKey>): Promise<Applied | Moved> {
  const cluster = await readCluster(ctx, input.cluster)
  return withGroupLock(ctx, { clusterId: cluster.id, group: input.group }, async () => {
    const plan = await readPlan(ctx, { clusterId: cluster.id, ...input })
    refuseClosed(plan)
    const { broker } = await openOffsets(ctx, cluster.slug)
    const signal = AbortSignal.timeout(WRITE_DEADLINE_MS)
    const group = await readGroupNow(broker, plan.group, signal)
    refuseActive(group)
    const open = openLines(plan.lines)
    const logs = await readLogsNow(broker, [...new Set(open.map((line) => line.destination))], signal)
    const moved = open.flatMap((line) => movedSince(line, { group, logs }) ?? [])
    if (moved.length > 0) return replace(ctx, { plan, cluster, moved })
    const begun = await begin(ctx, plan, { group, by: byWhom(ctx, plan), cluster: cluster.slug })
    return writeRest(ctx, begun, cluster.slug)
  })
}

function refuseClosed(plan: StoredPlan): void {
  if (!OPEN.includes(plan.state)) {
    const why = plan.state === "replaced" ? "A newer preview has taken its place." : `It is ${plan.state}.`
    throw new DomainError("conflict", `This plan can no longer be applied. ${why}`)
  }
  if (!plan.lines.some(changes))
    throw new DomainError("bad_input", "This plan moves no partition: there is nothing to apply.")
}

/** In words what changed under a partition since the preview; null: nothing that matters. */
function movedSince(line: PlanLine, now: { group: GroupNow; logs: LogsNow }): string | null {
  const at = `${line.destination}/${line.partition}`
  const stands = offsetOf(now.group, line)
  if (stands !== line.from)
    return `${at} stands at ${stands ?? "no commit"}, not at ${line.from ?? "no commit"}`
  const { start } = now.logs.at(line)
  if (line.to !== null && start !== null && line.to < start)
    return `${at}: messages up to ${start} were deleted, so ${line.to} no longer exists`
  return null
}

interface Replacing {
  plan: StoredPlan
  cluster: { id: number; slug: string }
  moved: string[]
}

async function replace(ctx: Context, { plan, cluster, moved }: Replacing): Promise<Moved> {
  const { group, strategy, scope, undoOf } = plan
  const create = !plan.existed
  const fresh = await storePlan(ctx, { cluster, group, strategy, scope, undoOf, create })
  const listed = moved.slice(0, 5).join("; ")
  const message = `Nothing was written: ${moved.length === 1 ? "a partition" : `${moved.length} partitions`} moved since the preview (${listed}).`
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = { state: "replaced", replacedBy: fresh.plan, outcome: message, armedUntil: null }
    await tx.offsetPlan.update({ where: { id: plan.id }, data })
    const act = { action: "offsets.apply", target: `${cluster.slug}/${group}`, cluster: cluster.slug }
    await audit(tx, ctx, { ...act, after: { plan: plan.id }, result: "refused", reason: message })
  })
  return { outcome: "moved", plan: fresh.plan, message }
}
