"use client"

import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { clusterPath, topicPath } from "../paths.ts"
import { capital, useSystems } from "../systems.ts"

/** What all acts on one destination need: its words, the way back, and to ask everything again afterwards. */
export function useTopicAct(cluster: string, name: string) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const found = useQuery(trpc.clusters.head.queryOptions({ cluster }))
  const words = useSystems()(found.data?.system ?? "")
  const topics = `${clusterPath(cluster)}/topics`
  return {
    words,
    topics,
    above: [
      { href: clusterPath(cluster), label: found.data?.name ?? cluster },
      { href: topics, label: capital(words.destination.many) },
      { href: topicPath(cluster, name), label: name },
    ],
    refresh: () => client.invalidateQueries({ queryKey: trpc.destinations.pathKey() }),
  }
}
