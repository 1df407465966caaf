"use client"

import { useQuery } from "@tanstack/react-query"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { useTRPC } from "../trpc/client.tsx"
import { TONES } from "../ui/chart/tones.ts"
import { Fact } from "../ui/fact.tsx"
import { rate } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Value, WHY } from "../ui/value.tsx"
import { rateBound } from "./group-bounds.ts"

/** What goes into a cluster and what is read from it, now and over the last hour; internal topics are left out. */
export function Flows({ cluster }: { cluster: ClusterSummary }) {
  const trpc = useTRPC()
  // All clusters at once: the overview asks a single time for all of its cards.
  const { data } = useQuery(trpc.clusters.rates.queryOptions({}))
  const mine = data?.find((one) => one.cluster === cluster.slug)
  return (
    <>
      <Fact term="Produced, last 1 min">
        <Value
          of={cluster.produceRate}
          as={rate}
          why={WHY.rate}
          bound={rateBound(cluster.produceRatePartial)}
        />{" "}
        <Sparkline
          values={mine?.produced ?? []}
          label="Messages produced per second, last hour"
          tone={TONES.produced}
        />
      </Fact>
      <Fact term="Consumed by all groups, last 1 min">
        <Value
          of={cluster.consumeRate}
          as={rate}
          why={WHY.rate}
          bound={rateBound(cluster.consumeRatePartial)}
        />{" "}
        <Sparkline
          values={mine?.consumed ?? []}
          label="Messages consumed a second, last hour"
          tone={TONES.consumed}
        />
      </Fact>
    </>
  )
}
