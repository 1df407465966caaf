"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Chart } from "#app/ui/chart/chart.tsx"
import { TONES } from "#app/ui/chart/tones.ts"
import { duration } from "#app/ui/format.ts"
import { useRange, useZoom } from "#app/ui/range/use-range.ts"
import { Loading, Query } from "#app/ui/states.tsx"
import type { FailureKey } from "./failure-key.ts"

/** Dead letters over the page's range. */
export function Trend({ failure }: { failure: FailureKey }) {
  const trpc = useTRPC()
  const range = useRange()
  const zoom = useZoom()
  const input = { cluster: failure.cluster, id: failure.id, from: range?.from ?? 0, to: range?.to ?? 0 }
  const query = useQuery({
    ...trpc.failures.trend.queryOptions(input),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  if (range === null) return <Loading />
  return (
    <section className="panel">
      <Query of={query}>
        {(trend) => (
          <Chart
            title={`Dead letters every ${duration(trend.stepMs)}`}
            unit="messages"
            at={trend.at}
            lines={[{ name: "dead letters", tone: TONES.failed, values: trend.messages }]}
            onZoom={zoom}
          />
        )}
      </Query>
    </section>
  )
}
