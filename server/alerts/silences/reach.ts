import { clustersWith, visibleClusters } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Silence } from "./window.ts"

/** The slugs of the clusters whose alerts somebody may silence. */
export function silenceable(actor: Actor): "all" | readonly string[] {
  if (actor.kind === "system") return "all"
  return actor.kind === "nobody" ? [] : clustersWith(actor, "operator")
}

/** Whether somebody may end a silence: they must be operator wherever it holds. */
export function mayEnd(actor: Actor, clusters: readonly string[]): boolean {
  const mine = silenceable(actor)
  return mine === "all" || (clusters.length > 0 && clusters.every((slug) => mine.includes(slug)))
}

/** Whether somebody may see a silence: not one that holds on, or names, only clusters that are not theirs to know of. */
export function maySee(
  actor: Actor,
  { clusters, matchers }: Pick<Silence, "clusters" | "matchers">,
): boolean {
  const seen = visibleClusters(actor)
  if (seen === "all") return true
  const named = matchers.filter((one) => one.label === "cluster" && !one.value.includes("*"))
  return (
    named.every((one) => seen.includes(one.value)) &&
    (clusters.length === 0 || clusters.some((slug) => seen.includes(slug)))
  )
}
