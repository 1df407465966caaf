"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import type { Permission } from "#server/access/index.ts"
import { isOffered } from "./offered.ts"

/** Whether an act of this permission can be done on a cluster at all; who may do it is another question. */
export function useOffered(permission: Permission, cluster: string): boolean {
  const trpc = useTRPC()
  const { data } = useQuery(trpc.clusters.head.queryOptions({ cluster }))
  return isOffered(permission, data?.capabilities)
}
