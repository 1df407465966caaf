import type { Context } from "#server/context.ts"
import { hidingIn } from "./hidden-parts.ts"

/** What stands for the sentence of a failure whose messages are masked: it may quote them. */
export const MASKED_SENTENCE = "Hidden by a masking rule"

/**
 * The failure groups whose sentence is hidden from the actor, since keys or values are masked where their messages lie or
 * came from: among all of these clusters (slugs), or only among `ids`.
 */
export async function maskedGroups(
  ctx: Context,
  clusters: readonly string[],
  ids: readonly number[] | null = null,
): Promise<Set<number>> {
  const parts = ["key", "value"]
  const rules = await ctx.store.prisma.maskingRule.count({ where: { part: { in: parts } } })
  if (rules === 0) return new Set()
  const { rows } = await ctx.store.pool.query<{
    slug: string
    destination: string
    dead: string[]
    ids: number[]
  }>(
    `select slug, destination, dead, array_agg(id) as ids from (
       select g.id, c.slug, g.destination, array(
         select distinct d.name from failure_message m join destination d on d.id = m.destination_id
         where m.group_id = g.id order by 1) as dead
       from failure_group g join cluster c on c.id = g.cluster_id
       where c.slug = any($1) and ($2::int[] is null or g.id = any($2))) as places
     group by slug, destination, dead`,
    [clusters, ids],
  )
  const masked = await Promise.all(
    rows.map(async ({ slug, destination, dead, ids }) => {
      const { holds } = await hidingIn(ctx, slug, [destination, ...dead])
      return holds ? ids : []
    }),
  )
  return new Set(masked.flat())
}
