import { visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"

/** The slugs of the clusters whose alerts somebody may see; null: of all, and those of Signalbox itself. */
export function visibleSlugs(actor: Actor, cluster?: string): string[] | null {
  const seen = visibleClusters(actor)
  if (seen === "all") return cluster === undefined ? null : [cluster]
  return seen.filter((slug) => cluster === undefined || slug === cluster)
}

/** The alerts that somebody may see, as a condition. */
export function visible(actor: Actor, cluster?: string) {
  const slugs = visibleSlugs(actor, cluster)
  return slugs === null ? {} : { cluster: { slug: { in: slugs } } }
}
