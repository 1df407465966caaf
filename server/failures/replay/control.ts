import { z } from "zod"
import { audit } from "../../access/index.ts"
import type { Context } from "../../context.ts"
import { DomainError } from "../../errors.ts"
import { failureInput, findGroup } from "../find-group.ts"
import type { ReplayView } from "../views.ts"
import type { JobState } from "./model.ts"
import { replayOrder } from "./model.ts"

const job = { cluster: z.string().min(1).max(100), id: z.string().min(1).max(64) }

export const controlReplayInput = z.object({ ...job, act: z.enum(["pause", "resume", "cancel"]) })

const ACTS: Record<"pause" | "resume" | "cancel", { from: JobState[]; to: JobState }> = {
  pause: { from: ["running"], to: "paused" },
  resume: { from: ["paused", "stopped", "failed"], to: "running" },
  cancel: { from: ["running", "paused", "stopped", "failed"], to: "cancelled" },
}

/** Pauses, resumes or cancels a replay. What was sent stays sent. Rejects with `conflict` when it is over. */
export async function controlReplay(ctx: Context, input: z.output<typeof controlReplayInput>): Promise<void> {
  const { from, to } = ACTS[input.act]
  const before = await ctx.store.prisma.replayJob.findFirst({
    where: { id: input.id, cluster: { slug: input.cluster } },
    select: { state: true, groupId: true },
  })
  if (!before) throw new DomainError("not_found", "There is no such replay.")
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = {
      state: to,
      reason: null,
      finishedAt: null,
      ...(to === "running" ? { workedAt: null, rate: null } : {}),
    }
    const { count } = await tx.replayJob.updateMany({ where: { id: input.id, state: { in: from } }, data })
    if (count === 0) throw new DomainError("conflict", `This replay is ${before.state} already.`)
    await audit(tx, ctx, {
      action: "failure.replay",
      target: `failure ${before.groupId}`,
      cluster: input.cluster,
      before: { replay: input.id, state: before.state },
      after: { replay: input.id, state: to },
      result: "ok",
    })
  })
}

export const listReplaysInput = failureInput

/** The replays of a failure group, the latest first. */
export async function listReplays(
  ctx: Context,
  input: z.output<typeof listReplaysInput>,
): Promise<ReplayView[]> {
  const { id } = await findGroup(ctx, input)
  const rows = await ctx.store.prisma.replayJob.findMany({
    where: { groupId: id },
    omit: { progress: true },
    orderBy: { createdAt: "desc" },
    take: 20,
  })
  return rows.map(({ rate, ...row }) => {
    const running = row.state === "running"
    const left = row.total - row.sent - row.missing
    const order = replayOrder.parse(row.order)
    return {
      id: row.id,
      cluster: input.cluster,
      failure: id,
      state: row.state,
      reason: row.reason,
      createdBy: row.createdBy,
      createdAt: row.createdAt.getTime(),
      finishedAt: row.finishedAt?.getTime() ?? null,
      target: order.target,
      rateLimit: order.rate,
      total: row.total,
      sent: row.sent,
      missing: row.missing,
      failedAgain: row.failedAgain,
      rate: running ? rate : null,
      leftMs: running && rate !== null && rate > 0 ? Math.round((left / rate) * 1000) : null,
    }
  })
}
