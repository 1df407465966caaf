"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { AlertsInRange, useAlertsInRange } from "#app/(console)/alerts/in-range.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Chart } from "#app/ui/chart/chart.tsx"
import { TONES } from "#app/ui/chart/tones.ts"
import { factsOf, useRange, useZoom } from "#app/ui/range/use-range.ts"
import { Loading, Query } from "#app/ui/states.tsx"
import type { TopicKey } from "./topic-key.ts"

/** What was written and what is kept, over the page's range. */
export function Activity(props: TopicKey) {
  const trpc = useTRPC()
  const range = useRange()
  const zoom = useZoom()
  const query = useQuery({
    ...trpc.destinations.activity.queryOptions({
      ...props,
      from: range?.from ?? 0,
      to: range?.to ?? 0,
    }),
    enabled: range !== null,
    placeholderData: keepPreviousData,
  })
  const { alerts, bands } = useAlertsInRange(props.cluster, { destination: props.name })
  if (range === null) return <Loading />
  return (
    <Query of={query}>
      {({ series, ...found }) => (
        <>
          <div className="charts">
            <section className="panel">
              <Chart
                title="Messages produced per second"
                unit="rate"
                {...{ ...factsOf(found, range), bands }}
                lines={[{ name: "produced", tone: TONES.produced, values: series.produced ?? [] }]}
                onZoom={zoom}
              />
            </section>
            <section className="panel">
              <Chart
                title="Messages kept"
                unit="messages"
                {...{ ...factsOf(found, range), bands }}
                lines={[{ name: "kept", tone: TONES.kept, values: series.kept ?? [] }]}
                onZoom={zoom}
              />
            </section>
          </div>
          <AlertsInRange alerts={alerts} />
        </>
      )}
    </Query>
  )
}
