import { z } from "zod"
import { audit, nameOf, roleOn } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text } from "#server/inputs.ts"
import { visible } from "./queries/visible.ts"

export const acknowledgeInput = z.object({
  id: z.string().regex(/^\d{1,18}$/, "The id of an alert is a number."),
  /** false takes it back. */
  acknowledged: z.boolean().default(true),
  comment: text(500).default(""),
})

function mayAcknowledge(actor: Actor, cluster: string): boolean {
  const role = roleOn(actor, cluster)
  return role === "operator" || role === "admin"
}

/** Says that somebody looks after an alert that fires: it is no longer reminded of, nor escalated. */
export async function acknowledge(ctx: Context, input: z.output<typeof acknowledgeInput>): Promise<void> {
  const { acknowledged, comment } = input
  const by = nameOf(ctx.actor)
  await ctx.store.prisma.$transaction(async (tx) => {
    const alert = await tx.alert.findFirst({
      where: { id: BigInt(input.id), ...visible(ctx.actor) },
      select: {
        id: true,
        state: true,
        sentence: true,
        acknowledgedBy: true,
        cluster: { select: { slug: true } },
      },
    })
    if (!alert) throw new DomainError("not_found", `Alert ${input.id} not found.`)
    const cluster = alert.cluster?.slug ?? null
    if (cluster !== null && !mayAcknowledge(ctx.actor, cluster))
      throw new DomainError(
        "forbidden",
        `Acknowledging an alert needs the role operator on the cluster ${cluster}.`,
      )
    if (alert.state !== "firing")
      throw new DomainError("conflict", "This alert does not fire: there is nothing to acknowledge.")
    if ((alert.acknowledgedBy !== null) === acknowledged) return
    const at = new Date(ctx.now())
    await tx.alert.update({
      where: { id: alert.id },
      data: acknowledged
        ? { acknowledgedAt: at, acknowledgedBy: by, comment: comment || null }
        : { acknowledgedAt: null, acknowledgedBy: null, comment: null },
    })
    await tx.alertEvent.create({
      data: {
        alertId: alert.id,
        at,
        kind: acknowledged ? "acknowledged" : "unacknowledged",
        byWhom: by,
        note: comment || null,
        dispatched: false,
      },
    })
    await audit(tx, ctx, {
      action: "alert.acknowledge",
      cluster,
      target: alert.sentence,
      before: { acknowledgedBy: alert.acknowledgedBy },
      after: { acknowledged, comment },
      result: "ok",
    })
  })
}
