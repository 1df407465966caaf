"use client"

import { useQuery } from "@tanstack/react-query"
import { usePathname } from "next/navigation"
import { fromSegment } from "#server/segment.ts"
import { useTRPC } from "../trpc/client.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"

/** The colours that environments have; a word that is none of these has a colour of its own. */
const TONES: readonly (readonly [tone: EnvironmentTone, word: RegExp])[] = [
  ["production", /^(prod|production|live)\b/i],
  ["staging", /^(stag|staging|uat|pre-?prod|qa)\b/i],
  ["development", /^(dev|development|test|local|sandbox)\b/i],
]

export type EnvironmentTone = "production" | "staging" | "development" | "other"

/** Which colour an environment has. */
export function toneOf(environment: string): EnvironmentTone {
  return TONES.find(([, word]) => word.test(environment))?.[0] ?? "other"
}

/** The slug of the cluster that the page is about: by its address, or as the only one that is filtered for. */
export function useCluster(): string | null {
  const path = usePathname()
  const filtered = useClusterFilter()
  const segment = /^\/(?:clusters|failures)\/([^/]+)/.exec(path)?.[1]
  if (segment !== undefined && path !== "/clusters/new" && path !== "/failures/rules")
    return fromSegment(segment)
  return filtered.length === 1 ? (filtered[0] ?? null) : null
}

/** The environment of a cluster; null: it has none, or is not known. */
export function useEnvironment(cluster: string | null): string | null {
  const { data } = useQuery(useTRPC().clusters.names.queryOptions())
  return data?.find(({ slug }) => slug === cluster)?.environment ?? null
}
