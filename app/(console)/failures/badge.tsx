"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"

const AGAIN_MS = 30_000

/** How many failures wait for somebody, beside the name of the place. Nothing while that is not known. */
export function FailureBadge() {
  const trpc = useTRPC()
  const { data } = useQuery({ ...trpc.failures.count.queryOptions(), refetchInterval: AGAIN_MS })
  if (!data || data.active === 0) return null
  return (
    <span className="place-badge">
      {count(data.active)}
      <span className="unseen"> open</span>
    </span>
  )
}
