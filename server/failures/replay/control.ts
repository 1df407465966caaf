import { z } from "zod"
import { audit } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { JobState } from "./model.ts"

const job = { cluster: slug, id: z.string().min(1).max(64) }

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
  if (!before) throw new DomainError("not_found", "Replay not found.")
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
