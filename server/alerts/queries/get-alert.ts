import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { readExplanations } from "../notify/explanations.ts"
import { readSilences } from "../silences/read.ts"
import type { AlertDetail } from "../views.ts"
import { heldWithin, partsOf } from "./alert-parts.ts"
import { SELECT, toRow } from "./list-alerts.ts"
import { visible } from "./visible.ts"

export const getAlertInput = z.object({
  id: z.string().regex(/^\d{1,18}$/, "The id of an alert is a number."),
})

/** One alert, and what happened to it in order of time. Throws `not_found`, also for what one may not see. */
export async function getAlert(ctx: Context, { id }: z.output<typeof getAlertInput>): Promise<AlertDetail> {
  const found = await ctx.store.prisma.alert.findFirst({
    where: { id: BigInt(id), ...visible(ctx.actor) },
    select: {
      ...SELECT,
      ruleId: true,
      events: { select: { at: true, kind: true, byWhom: true, note: true }, orderBy: { id: "asc" } },
    },
  })
  if (!found) throw new DomainError("not_found", `Alert ${id} not found.`)
  const report = (error: unknown) => ctx.log.error({ err: error }, "a silence cannot be read")
  const { ruleId, events, ...stored } = found
  const span = { from: stored.startedAt.getTime(), to: ctx.now() }
  const silences = await readSilences(ctx.store.pool, span.from, report)
  const isOver = stored.state === "resolved"
  const explanations = isOver ? null : await readExplanations(ctx.store.pool, ctx.now(), report)
  const row = toRow(stored, { silences, explanations, now: ctx.now() })
  const told = events.map(({ at, kind, byWhom, note }) => ({ at: at.getTime(), kind, by: byWhom, note }))
  return {
    ...row,
    ruleId,
    parts: partsOf({ ...row, events: told }, heldWithin(silences, span), span),
    events: told,
  }
}
