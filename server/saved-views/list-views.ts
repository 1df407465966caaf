import { visibleClusters } from "#server/access/index.ts"
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
  const visible = visibleClusters(ctx.actor)
  return rows
    .filter((row) => visible === "all" || clustersIn(row.path).every((slug) => visible.includes(slug)))
    .map(({ user, userId: of, ...row }) => ({ ...row, mine: of === userId, owner: user.name }))
}

/** The clusters that the address of a page names: in its path, and in its cluster filter. */
function clustersIn(path: string): string[] {
  const { pathname, searchParams } = new URL(path, "http://here.invalid")
  const own = /^\/(?:clusters|failures)\/([^/]+)/.exec(pathname)?.[1]
  const filtered = ["cluster", "clusters"].flatMap((name) =>
    searchParams.getAll(name).flatMap((one) => one.split(",")),
  )
  const named = [...(own && own !== "new" && own !== "rules" ? [own] : []), ...filtered]
  return named.map(decode).filter((slug) => slug !== "")
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
