import { randomUUID } from "node:crypto"
import { z } from "zod"
import { audit, identityOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { chosen } from "../choice.ts"
import { actorName, findFailureGroup } from "../find-failure-group.ts"
import { mendsNothing } from "./mend.ts"
import type { ReplayOrder } from "./model.ts"
import { planReplayInput } from "./plan.ts"
import { refuseHiddenChanges } from "./refuse-hidden-changes.ts"
import { refuseUnmasked } from "./refuse-unmasked.ts"

export const startReplayInput = planReplayInput.extend({
  /** From the plan: what arrived after it is left out. */
  upTo: z.string().regex(/^\d{1,18}$/),
})

/**
 * Starts a replay of what the plan counted. A collector works it, whoever watches. Rejects with `conflict` while
 * another replay that is not over has some of the same messages, and with `bad_input` when nothing is left to send.
 */
export async function startReplay(
  ctx: Context,
  input: z.output<typeof startReplayInput>,
): Promise<{ id: string }> {
  const group = await findFailureGroup(ctx, input)
  const id = randomUUID()
  const letters = chosen(group.id, input.choice)
  const actor = actorName(ctx)
  await refuseHiddenChanges(ctx, { cluster: input.cluster, letters, changes: input.order.mend.changes })
  await refuseUnmasked(ctx, { cluster: input.cluster, target: input.order.target, letters })
  await ctx.store.prisma.$transaction(
    async (tx) => {
      // Two who start at the same moment: the second waits here, and then sees the first one's messages.
      await tx.$queryRaw`select id from failure_group where id = ${group.id} for update`
      await tx.replayJob.create({
        data: {
          id,
          clusterId: group.clusterId,
          groupId: group.id,
          state: "running",
          createdBy: actor,
          createdAs: identityOf(ctx.actor),
          createdAt: new Date(ctx.now()),
          order: input.order,
          total: 0,
        },
      })
      const total = await tx.$executeRaw`
        insert into replay_item (job_id, destination, partition, "offset", letter_id)
        select ${id}, d.name, m.partition, m."offset", m.id ${letters} and m.id <= ${input.upTo}::bigint`
      if (total === 0) throw new DomainError("bad_input", "There is nothing left to replay. Look again.")
      await refuseTwice(tx, id)
      await tx.replayJob.update({ where: { id }, data: { total } })
      const text = `${total} ${total === 1 ? "message" : "messages"}${mendsNothing(input.order.mend) ? "" : ", edited"}`
      await tx.failureEvent.create({ data: { groupId: group.id, actor, kind: "replay", text } })
      await audit(tx, ctx, {
        action: "failure.replay",
        target: `failure ${group.id}`,
        cluster: input.cluster,
        after: { replay: id, messages: total, ...told(input.order) },
        result: "ok",
      })
    },
    { timeout: 60_000 },
  )
  return { id }
}

async function refuseTwice(tx: Prisma.TransactionClient, id: string): Promise<void> {
  const [other] = await tx.$queryRaw<{ created_by: string; count: number }[]>`
    select j.created_by, count(*)::int as count from replay_item mine
    join replay_item theirs on theirs.letter_id = mine.letter_id and theirs.job_id <> mine.job_id
    join replay_job j on j.id = theirs.job_id and j.state in ('running', 'paused')
    where mine.job_id = ${id} group by j.created_by limit 1`
  if (!other) return
  const who = `${other.count} of these are in a replay that ${other.created_by} has started`
  throw new DomainError("conflict", `${who}. Wait until it is over, or cancel it.`)
}

/** For the audit log: what was changed, but no text of anybody's message. */
function told(order: ReplayOrder) {
  return {
    target: order.target ?? "where they came from",
    rate: order.rate,
    stopShare: order.stopShare,
    changes: order.mend.changes.map((one) => `${one.op} ${one.path.join(".")}`),
    headers: [...order.mend.headers.set.map((one) => one.key), ...order.mend.headers.remove],
    wholeValue: order.mend.value !== undefined,
    key: order.mend.key !== undefined,
  }
}
