"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "../trpc/client.tsx"
import type { Crumb } from "../ui/breadcrumb.tsx"
import { HOME } from "./home.ts"
import { clusterPath, groupPath, topicPath } from "./paths.ts"
import { capital, useSystems } from "./systems.ts"

/** The pages above one of a cluster: of its health, or of the list of its groups or destinations, or of one of these. */
export function useCrumbs(
  cluster: string,
  of?: { kind: "destination" | "group"; name?: string | undefined },
): Crumb[] {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.clusters.head.queryOptions({ cluster }))
  const words = useSystems()(data?.system ?? "")
  const crumbs = [...HOME, { href: "/clusters", label: "Clusters" }]
  if (!of) return crumbs
  const { kind, name } = of
  const list = kind === "group" ? "groups" : "topics"
  crumbs.push(
    { href: clusterPath(cluster), label: data?.name ?? cluster },
    { href: `${clusterPath(cluster)}/${list}`, label: capital(words[kind].many) },
  )
  if (name !== undefined)
    crumbs.push({ href: kind === "group" ? groupPath(cluster, name) : topicPath(cluster, name), label: name })
  return crumbs
}
