import { audit, lostSince } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { placeKey } from "#server/place.ts"
import { buildPlan, openOffsets } from "./build.ts"
import { readGroupNow } from "./group-now.ts"
import { withGroupLock } from "./lock.ts"
import type { PlanLine } from "./model.ts"
import { documents } from "./preview.ts"
import { byWhom } from "./refuse-active.ts"
import { readPlan, type StoredPlan } from "./rows.ts"
import { begin, WRITE_DEADLINE_MS, writeRest } from "./write.ts"

interface Cluster {
  id: number
  slug: string
}

/**
 * One look at the armed plans of a cluster: those whose group is empty are applied, those whose time is over expire,
 * those of somebody who may not reset offsets any more are taken back, and those whose writing was interrupted, by a kill
 * or a broker that went away, are taken up again.
 */
export async function applyArmed(ctx: Context, cluster: Cluster): Promise<void> {
  const waiting = await ctx.store.prisma.offsetPlan.findMany({
    where: { clusterId: cluster.id, state: { in: ["armed", "applying"] } },
    select: { id: true, group: true },
  })
  for (const { id, group } of waiting) {
    try {
      await withGroupLock(ctx, { clusterId: cluster.id, group }, () => takeUp(ctx, { cluster, group, id }))
    } catch (error) {
      // Somebody is at it, somebody joined the group meanwhile, or the broker is away: the next look is soon.
      ctx.log[isDomainError(error) ? "debug" : "warn"]({ err: error, plan: id }, "an armed plan waits on")
    }
  }
}

async function takeUp(ctx: Context, of: { cluster: Cluster; group: string; id: string }): Promise<void> {
  const { cluster } = of
  const plan = await readPlan(ctx, { clusterId: cluster.id, plan: of.id })
  if (plan.state === "applying") {
    await writeRest(ctx, plan, cluster.slug)
    return
  }
  if (plan.state !== "armed") return
  if ((plan.armedUntil?.getTime() ?? 0) <= ctx.now()) {
    const why = `${plan.group} did not become empty in time.`
    return end(ctx, { plan, cluster, state: "expired", why })
  }
  if (await takenBack(ctx, plan, cluster)) return
  const { broker } = await openOffsets(ctx, cluster.slug)
  const group = await readGroupNow(broker, plan.group, AbortSignal.timeout(WRITE_DEADLINE_MS))
  if (group.members?.length !== 0) return
  const fresh = await rebuilt(ctx, plan, cluster)
  // Looking at the brokers takes a while.
  if (fresh === null || (await takenBack(ctx, plan, cluster))) return
  const begun = await begin(ctx, fresh, { group, by: byWhom(ctx, plan), cluster: cluster.slug })
  await writeRest(ctx, begun, cluster.slug)
}

/** Takes a plan back whose owner may not reset offsets. */
async function takenBack(ctx: Context, plan: StoredPlan, cluster: Cluster): Promise<boolean> {
  const right = { permission: "offsets.reset", cluster: cluster.slug } as const
  const lost = await lostSince(ctx.store, plan.armedAs, right)
  if (lost === null) return false
  const why = `It was not applied: ${plan.armedBy}, who armed it, ${lost}. Somebody else may arm or apply it.`
  await end(ctx, { plan, cluster, state: "draft", why, result: "refused" })
  return true
}

/**
 * The plan as the group stands now that it is empty: it has moved on since the preview, which is what arming allows.
 * Null: it cannot be carried out as it was previewed, and has been given up.
 */
async function rebuilt(ctx: Context, plan: StoredPlan, cluster: Cluster): Promise<StoredPlan | null> {
  const { group, strategy, scope } = plan
  try {
    const built = await buildPlan(ctx, { cluster, group, strategy, scope, create: true })
    const worse = newTrouble(plan.lines, built.lines)
    if (worse !== null) {
      await end(ctx, { plan, cluster, state: "draft", why: `It was not applied: ${worse}` })
      return null
    }
    const lines = built.lines
    await ctx.store.prisma.offsetPlan.update({
      where: { id: plan.id },
      data: { lines: documents({ strategy, scope, lines }).lines },
    })
    return { ...plan, lines }
  } catch (error) {
    if (!isDomainError(error) || error.code === "unreachable" || error.code === "timeout") throw error
    await end(ctx, { plan, cluster, state: "draft", why: `It was not applied: ${messageOf(error)}` })
    return null
  }
}

function newTrouble(before: readonly PlanLine[], now: readonly PlanLine[]): string | null {
  const known = new Map(before.map((line) => [placeKey(line), line]))
  const worse = now.find((line) => line.trouble !== null && known.get(placeKey(line))?.trouble === null)
  return worse ? `partition ${worse.partition} of ${worse.destination}: ${worse.trouble}` : null
}

async function end(
  ctx: Context,
  how: {
    plan: StoredPlan
    cluster: Cluster
    state: "expired" | "draft"
    why: string
    result?: "refused" | "failed"
  },
): Promise<void> {
  const { plan, cluster, state, why, result = "failed" } = how
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = { state, armedUntil: null, outcome: why }
    await tx.offsetPlan.update({ where: { id: plan.id }, data })
    const act = { action: "offsets.apply", target: `${cluster.slug}/${plan.group}`, cluster: cluster.slug }
    const after = { plan: plan.id, armedBy: plan.armedBy }
    await audit(tx, ctx, { ...act, after, result, reason: why })
  })
}
