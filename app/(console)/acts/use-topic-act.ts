"use client"

import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { useCrumbs } from "../crumbs.ts"
import { clusterPath } from "../paths.ts"
import { useSystems } from "../systems.ts"

/** What all acts on one destination need: its words, the way back, and to ask everything again afterwards. */
export function useTopicAct(cluster: string, name: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const found = useQuery(trpc.clusters.head.queryOptions({ cluster }))
  const words = useSystems()(found.data?.system ?? "")
  const topics = `${clusterPath(cluster)}/topics`
  const above = useCrumbs(cluster, { kind: "destination", name: name || undefined })
  return {
    words,
    topics,
    above,
    refresh: () => client.invalidateQueries({ queryKey: trpc.destinations.pathKey() }),
  }
}
