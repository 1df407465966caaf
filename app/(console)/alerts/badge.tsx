"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { useTabBadge } from "./tab/badge.ts"
import { worstOf } from "./tab/state-icon.ts"

const AGAIN_MS = 10_000

/** How many alerts fire that nobody has acknowledged: beside the name of the place, and on the tab of the browser. */
export function AlertBadge() {
  const trpc = useTRPC()
  const { data } = useQuery({ ...trpc.alerts.count.queryOptions(), refetchInterval: AGAIN_MS })
  const firing = data ? data.critical + data.warning + data.info : 0
  useTabBadge({ firing, worst: worstOf(data) })
  if (firing === 0) return null
  return (
    <span className="place-badge">
      {count(firing)}
      <span className="unseen"> firing</span>
    </span>
  )
}
