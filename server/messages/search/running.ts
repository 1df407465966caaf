import type { Context } from "../../context.ts"
import { getSearch, type SearchView } from "./follow.ts"

/** What has said nothing for so long, in ms, is not worth being read: `getSearch` judges the others. */
const LATELY = 60_000

/** Searches that run, or wait until there is room, on these clusters; the latest first. */
export async function listRunningSearches(
  ctx: Context,
  clusters: "all" | readonly string[],
): Promise<(SearchView & { cluster: string })[]> {
  const theirs = clusters === "all" ? {} : { cluster: { slug: { in: [...clusters] } } }
  const lately = { heartbeatAt: { gt: new Date(ctx.now() - LATELY) } }
  const rows = await ctx.store.prisma.searchJob.findMany({
    where: { ...theirs, ...lately, state: { in: ["queued", "running"] } },
    select: { id: true, cluster: { select: { slug: true } } },
    orderBy: { createdAt: "desc" },
    take: 50,
  })
  const read = async ({ id, cluster: { slug: cluster } }: (typeof rows)[number]) => ({
    ...(await getSearch(ctx, { cluster, id })),
    cluster,
  })
  const views = await Promise.all(rows.map(read))
  return views.filter((one) => one.state === "queued" || one.state === "running")
}
