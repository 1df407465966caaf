"use client"

import { useQuery } from "@tanstack/react-query"
import { Flows } from "#app/(console)/flows.tsx"
import { capital, useSystems } from "#app/(console)/systems.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Fact } from "#app/ui/fact.tsx"
import { bytes, count, duration } from "#app/ui/format.ts"
import { Problems, Query } from "#app/ui/states.tsx"
import { Value, WHY } from "#app/ui/value.tsx"
import type { ClusterDetail } from "#server/clusters/index.ts"
import { Findings } from "./findings.tsx"
import { ClusterHead } from "./head.tsx"
import { Nodes } from "./nodes.tsx"
import { Remove } from "./remove.tsx"

/** Health of one cluster: what is wrong, how much goes through it, and its nodes. */
export function ClusterPage(props: { cluster: string }) {
  const trpc = useTRPC()
  const found = useQuery(trpc.clusters.get.queryOptions(props))
  return (
    <>
      <ClusterHead cluster={props.cluster} place="health" />
      <Query of={found}>
        {(cluster) => (
          <>
            <Findings cluster={cluster} />
            <Rates cluster={cluster} />
            <Nodes cluster={cluster} />
            <Problems problems={cluster.freshness.problems} />
            <Remove cluster={cluster} />
          </>
        )}
      </Query>
    </>
  )
}

function Rates({ cluster }: { cluster: ClusterDetail }) {
  const words = useSystems()(cluster.system)
  const { sweep } = cluster
  return (
    <section className="panel" aria-label="In numbers">
      <dl className="facts">
        <Fact term="Version">
          <Value of={cluster.version} as={String} why={WHY.version} />
        </Fact>
        <Fact term={capital(words.destination.many)}>
          <Value of={cluster.destinations} as={count} why={WHY.groups} />
        </Fact>
        <Fact term="Partitions">
          <Value of={cluster.partitions} as={count} why={WHY.groups} />
        </Fact>
        <Fact term={capital(words.group.many)}>
          <Value of={cluster.groups} as={count} why={WHY.groups} />
        </Fact>
        <Flows cluster={cluster} />
      </dl>
      <p className="quiet note">
        {cluster.clusterId && (
          <>
            Cluster id <span className="mono">{cluster.clusterId}</span>.{" "}
          </>
        )}
        {sweep &&
          `Last poll: ${duration(sweep.ms)}, ${count(sweep.requests)} requests and ${bytes(sweep.bytesIn)}.`}
      </p>
    </section>
  )
}
