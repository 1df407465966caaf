import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { actorName, failureInput, findFailureGroup } from "./find-failure-group.ts"

export const triageInput = failureInput.extend({
  /** What is to be; absent: stays. */
  state: z.enum(["open", "resolved", "ignored"]).optional(),
  /** Null: nobody. */
  assignee: z.string().trim().min(1).max(200).nullable().optional(),
  comment: z.string().trim().min(1, "Write something first.").max(5000).optional(),
})

/** Says what becomes of a failure group: its state, who cares for it, a comment. */
export async function triage(ctx: Context, input: z.output<typeof triageInput>): Promise<void> {
  const group = await findFailureGroup(ctx, input)
  const actor = actorName(ctx)
  const at = new Date(ctx.now())
  const events: { kind: string; text: string }[] = []
  if (input.state !== undefined && input.state !== group.state)
    events.push({ kind: "state", text: input.state })
  if (input.assignee !== undefined) events.push({ kind: "assignee", text: input.assignee ?? "nobody" })
  if (input.comment !== undefined) events.push({ kind: "comment", text: input.comment })
  const changes = {
    ...(input.state !== undefined && input.state !== group.state ? { state: input.state, stateAt: at } : {}),
    ...(input.assignee !== undefined ? { assignee: input.assignee } : {}),
  }
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.failureGroup.update({ where: { id: group.id }, data: changes, select: { id: true } })
    await tx.failureEvent.createMany({
      data: events.map((event) => ({ ...event, groupId: group.id, actor, at })),
    })
    await audit(tx, ctx, {
      action: "failure.triage",
      target: `failure ${group.id}`,
      cluster: input.cluster,
      before: { state: group.state },
      after: Object.fromEntries(events.map((event) => [event.kind, event.text])),
      result: "ok",
    })
  })
}
