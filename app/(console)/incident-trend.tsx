"use client"

import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "../trpc/client.tsx"
import { TONES } from "../ui/chart/tones.ts"
import { Sparkline } from "../ui/sparkline.tsx"

interface Props {
  cluster: string | null
  /** Of the alert. */
  labels: Readonly<Partial<Record<string, string>>>
}

/** The lag of the group that an alert is about, over the last hour; nothing where it is about something else. */
export function IncidentTrend({ cluster, labels }: Props) {
  const { group, failure } = labels
  if (cluster === null || group === undefined || failure !== undefined) return null
  return <GroupTrend cluster={cluster} group={group} />
}

function GroupTrend({ cluster, group }: { cluster: string; group: string }) {
  const trpc = useTRPC()
  // One question for all incidents of a cluster: its groups with trouble, worst first.
  const { data } = useQuery(
    trpc.groups.list.queryOptions({ clusters: [cluster], sort: "severity", dir: "desc", pageSize: 50 }),
  )
  const row = data?.rows.find(({ name }) => name === group)
  return row ? <Sparkline values={row.spark} label={`Lag of ${group}, last hour`} tone={TONES.lag} /> : null
}
