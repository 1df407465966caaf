import type { Context } from "#server/context.ts"
import { ownerOf } from "./owner.ts"

/** A page with its state, under a name. */
export interface SavedView {
  id: number
  name: string
  /** Path and query of this installation. */
  path: string
  shared: boolean
  mine: boolean
  /** Who shares it. */
  owner: string
}

/** One's own views, and those that others share, by name. */
export async function listViews(ctx: Context): Promise<SavedView[]> {
  const userId = ownerOf(ctx.actor)
  const rows = await ctx.store.prisma.savedView.findMany({
    where: { OR: [{ shared: true }, ...(userId ? [{ userId }] : [])] },
    select: {
      id: true,
      name: true,
      path: true,
      shared: true,
      userId: true,
      user: { select: { name: true } },
    },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  })
  return rows.map(({ user, userId: of, ...row }) => ({ ...row, mine: of === userId, owner: user.name }))
}
