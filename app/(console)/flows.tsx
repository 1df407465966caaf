import type { ClusterSummary } from "#server/clusters/index.ts"
import { Fact } from "../ui/fact.tsx"
import { rate } from "../ui/format.ts"
import { Sparkline } from "../ui/sparkline.tsx"
import { Value, WHY } from "../ui/value.tsx"

/** What goes into a cluster and what is read from it, now and over the last hour. */
export function Flows({ cluster }: { cluster: ClusterSummary }) {
  return (
    <>
      <Fact term="Produced, last 1 min">
        <Value of={cluster.produceRate} as={rate} why={WHY.rate} />{" "}
        <Sparkline values={cluster.produceSpark} label="Messages written a second, last hour" />
      </Fact>
      <Fact term="Consumed by all groups, last 1 min">
        <Value of={cluster.consumeRate} as={rate} why={WHY.rate} />{" "}
        <Sparkline
          values={cluster.consumeSpark}
          label="Messages consumed a second, last hour"
          tone="var(--series-3)"
        />
      </Fact>
    </>
  )
}
