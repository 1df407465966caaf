import { visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"

/** The slugs of the clusters whose alerts somebody may see; null: of all, and those of Signalbox itself. */
export function visibleSlugs(actor: Actor, clusters: readonly string[] = []): string[] | null {
  const seen = visibleClusters(actor)
  if (seen === "all") return clusters.length === 0 ? null : [...clusters]
  return seen.filter((slug) => clusters.length === 0 || clusters.includes(slug))
}

/** The alerts that somebody may see, as a condition. */
export function visible(actor: Actor, clusters: readonly string[] = []) {
  const slugs = visibleSlugs(actor, clusters)
  return slugs === null ? {} : { cluster: { slug: { in: slugs } } }
}
