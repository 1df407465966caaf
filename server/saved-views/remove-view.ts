import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { rowId } from "#server/inputs.ts"
import { ownerOf } from "./owner.ts"

export const removeViewInput = z.object({ id: rowId })

/** Forgets a view: one's own, or as an administrator a shared one. Rejects with `not_found` for any other. */
export async function removeView(ctx: Context, input: z.output<typeof removeViewInput>): Promise<void> {
  const userId = ownerOf(ctx.actor)
  const isAdmin = ctx.actor.kind === "user" && ctx.actor.role === "admin"
  await ctx.store.prisma.$transaction(async (tx) => {
    const view = await tx.savedView.findUnique({
      where: { id: input.id },
      select: { name: true, path: true, shared: true, userId: true },
    })
    if (!view || (view.userId !== userId && !(isAdmin && view.shared)))
      throw new DomainError("not_found", "Saved view not found.")
    await tx.savedView.delete({ where: { id: input.id } })
    await audit(tx, ctx, {
      action: "view.remove",
      cluster: null,
      target: view.name,
      before: { path: view.path, shared: view.shared },
      result: "ok",
    })
  })
}
