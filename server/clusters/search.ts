import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { text } from "#server/inputs.ts"
import { slug } from "./rows.ts"

export const searchInput = z.object({
  q: text(200).trim().min(1),
  /** Only in these; none: in all. */
  clusters: z.array(slug).max(100).default([]),
})

export interface Hit {
  kind: "cluster" | "destination" | "group"
  cluster: string
  clusterName: string
  system: string
  name: string
}

const EACH = 8

/** Clusters, destinations and groups that the actor may see and whose name contains the words; those that begin with them first. */
export async function search(ctx: Context, input: z.output<typeof searchInput>): Promise<Hit[]> {
  const visible = visibleClusters(ctx.actor)
  const one = (kind: Hit["kind"], from: string, name: string) =>
    `(select '${kind}' as kind, c.slug as cluster, c.name as "clusterName", c.system, ${name} as name from ${from}
      where position($1 in lower(${name})) > 0 and ($2::text[] is null or c.slug = any($2))
        and (cardinality($3::text[]) = 0 or c.slug = any($3)) order by position($1 in lower(${name})), length(${name}), 5 limit ${EACH})`
  const { rows } = await ctx.store.pool.query<Hit>(
    [
      one("cluster", "cluster c", "c.name"),
      one(
        "group",
        "consumer_group g join cluster c on c.id = g.cluster_id and g.deleted_at is null",
        "g.name",
      ),
      one(
        "destination",
        "destination d join cluster c on c.id = d.cluster_id and d.deleted_at is null",
        "d.name",
      ),
    ].join(" union all "),
    [input.q.toLowerCase(), visible === "all" ? null : visible, input.clusters],
  )
  return rows
}
