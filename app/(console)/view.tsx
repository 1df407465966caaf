"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useTRPC } from "../trpc/client.tsx"
import { PageHead } from "../ui/page-head.tsx"
import { Query } from "../ui/states.tsx"
import { Armed } from "./armed.tsx"
import { Busiest } from "./busiest.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { ClusterRows } from "./cluster-rows.tsx"
import { Growing } from "./growing.tsx"
import { NeedsAttention } from "./needs-attention.tsx"
import { Tiles } from "./tiles.tsx"
import { TopGroups } from "./top-groups.tsx"

/** What needs attention now, then how much goes through, where most of it waits, and every cluster. */
export function Overview() {
  const trpc = useTRPC()
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const chosen = useClusterFilter()
  return (
    <>
      <PageHead above={[]} title="Overview" />
      <Query of={clusters}>
        {(all) => {
          const list = all.filter((one) => chosen.length === 0 || chosen.includes(one.slug))
          return all.length === 0 ? (
            <section className="panel">
              <h2>No cluster is connected yet</h2>
              <p>
                <Link href="/clusters/new">Connect a cluster</Link>, or name it in <code>signalbox.yaml</code>{" "}
                and start again.
              </p>
            </section>
          ) : (
            <>
              <NeedsAttention clusters={list} />
              <Armed />
              <Tiles clusters={list} />
              <div className="halves">
                <TopGroups ofMany={list.length > 1} />
                <Busiest clusters={list} />
                <Growing clusters={list} />
              </div>
              <ClusterRows clusters={list} />
            </>
          )
        }}
      </Query>
    </>
  )
}
