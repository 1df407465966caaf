import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { type Chart, readChart } from "../charts/read.ts"
import type { getAlertInput } from "./get-alert.ts"
import { visible } from "./visible.ts"

/** What the signal of an alert said before it fired and until its end; null: there is nothing to draw. Throws `not_found`. */
export async function alertChart(
  ctx: Context,
  { id }: z.output<typeof getAlertInput>,
): Promise<Chart | null> {
  const found = await ctx.store.prisma.alert.findFirst({
    where: { id: BigInt(id), ...visible(ctx.actor) },
    select: { id: true },
  })
  if (!found) throw new DomainError("not_found", `Alert ${id} not found.`)
  return readChart(ctx.store, { id }, ctx.now())
}
