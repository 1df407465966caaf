import { randomUUID } from "node:crypto"
import { beginAct } from "#server/access/index.ts"
import type { Offsets } from "#server/brokers/broker.ts"
import type { Context } from "#server/context.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { placeKey } from "#server/place.ts"
import { openOffsets } from "./build.ts"
import { type Applied, actOf, endApply, finish, listed } from "./finish-plan.ts"
import { type GroupNow, readGroupNow } from "./group-now.ts"
import { changes } from "./line.ts"
import type { PlanLine } from "./model.ts"
import type { StoredPlan } from "./rows.ts"

export const WRITE_DEADLINE_MS = 20_000

/** What a plan has not written yet. */
export function openLines(lines: readonly PlanLine[]): PlanLine[] {
  return lines.filter((line) => changes(line) && line.result !== "written")
}

export function offsetOf(group: GroupNow, line: PlanLine): number | null {
  return group.commits.get(placeKey(line))?.offset ?? null
}

/**
 * Keeps where the group stands, and says, in the audit log too, that the plan is being written: from here on it can be
 * taken up again.
 */
export async function begin(
  ctx: Context,
  plan: StoredPlan,
  at: { group: GroupNow; by: string; cluster: string },
): Promise<StoredPlan> {
  const snapshotId = plan.snapshotId ?? randomUUID()
  const { clusterId, group, id: planId } = plan
  const positions = [...at.group.commits.values()] as object[]
  const change = {
    state: "applying" as const,
    snapshotId,
    appliedBy: at.by,
    appliedAt: new Date(ctx.now()),
    groupType: at.group.type,
    outcome: null,
  }
  return ctx.store.prisma.$transaction(async (tx) => {
    if (plan.snapshotId === null) {
      const taken = { takenBy: at.by, takenAt: change.appliedAt }
      await tx.offsetSnapshot.create({
        data: { id: snapshotId, clusterId, group, planId, positions, ...taken },
      })
    }
    const auditId = await beginAct(tx, ctx, {
      ...actOf(plan, at.cluster),
      before: { snapshot: snapshotId, positions: listed(openLines(plan.lines), "from") },
      after: { plan: planId, by: at.by, positions: listed(openLines(plan.lines), "to") },
    })
    await tx.offsetPlan.update({ where: { id: planId }, data: { ...change, auditId } })
    return { ...plan, ...change, auditId }
  })
}

/**
 * Writes what stays of a plan, reads it back, and notes partition by partition what became of it. A group that became
 * active in between is refused as a whole: nothing was written, and the plan is open as before.
 *
 * The group is read here again, although `applyPlan` has just read it: a plan that another process left half written is
 * taken up at this point, and a commit that moved in the meantime is not written over.
 */
export async function writeRest(ctx: Context, plan: StoredPlan, cluster: string): Promise<Applied> {
  const { broker, offsets } = await openOffsets(ctx, cluster)
  const signal = AbortSignal.timeout(WRITE_DEADLINE_MS)
  const before = await readGroupNow(broker, plan.group, signal)
  const open = openLines(plan.lines)
  const rest = open.filter((line) => offsetOf(before, line) === line.from)
  const errors = await write(offsets, { plan, rest, signal }).catch(async (error: unknown) => {
    const refused = isDomainError(error) && error.code === "conflict" && rest.length === open.length
    if (!refused) return new Map([["*", messageOf(error)]])
    await reopen(ctx, { plan, cluster, why: error.message })
    throw error
  })
  const after = await readGroupNow(broker, plan.group, AbortSignal.timeout(WRITE_DEADLINE_MS))
  const lines = plan.lines.map((line) => resultOf(line, { errors, now: offsetOf(after, line) }))
  return finish(ctx, { plan, lines, cluster })
}

async function reopen(ctx: Context, of: { plan: StoredPlan; cluster: string; why: string }): Promise<void> {
  const { plan, cluster, why } = of
  const partly = plan.lines.some((line) => line.result === "written")
  const state = plan.armedUntil !== null ? "armed" : partly ? "partly" : "draft"
  const data = { state, outcome: why, auditId: null, ...(partly ? {} : { appliedAt: null, appliedBy: null }) }
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.offsetPlan.update({ where: { id: plan.id }, data })
    const act = { ...actOf(plan, cluster), after: { plan: plan.id, by: plan.appliedBy }, reason: why }
    await endApply(tx, ctx, { plan, act: { ...act, result: "failed" } })
  })
}

/** All positions of a group in one request to its coordinator, and all that is forgotten in another. */
async function write(
  offsets: Offsets,
  { plan, rest, signal }: { plan: StoredPlan; rest: PlanLine[]; signal: AbortSignal },
): Promise<Map<string, string>> {
  const group = { name: plan.group, type: plan.groupType }
  const errors = new Map<string, string>()
  const note = (problems: Awaited<ReturnType<Offsets["remove"]>>["problems"]) => {
    for (const { part, message } of problems) {
      const at = part.kind === "destination" ? `${part.destination}/${part.partition ?? "*"}` : "*"
      errors.set(at, message)
    }
  }
  const positions = rest.flatMap(({ destination, partition, to }) =>
    to === null ? [] : [{ destination, partition, offset: BigInt(to) }],
  )
  if (positions.length > 0) note((await offsets.commit(group, positions, signal)).problems)
  const forgotten = rest.flatMap(({ destination, partition, to }) =>
    to === null ? [{ destination, partition }] : [],
  )
  if (forgotten.length > 0) note((await offsets.remove(group, forgotten, signal)).problems)
  return errors
}

function resultOf(line: PlanLine, seen: { errors: Map<string, string>; now: number | null }): PlanLine {
  if (!changes(line) || line.result === "written") return line
  if (seen.now === line.to) return { ...line, result: "written", error: null }
  const told = seen.errors.get(placeKey(line)) ?? seen.errors.get("*")
  const stands = seen.now === null ? "it has no commit" : `it stands at ${seen.now}`
  return { ...line, result: "failed", error: told ?? `Read back after writing, ${stands}.` }
}
