"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import type { ClusterSummary } from "#server/clusters/index.ts"
import { GROUP_STATUSES } from "#server/group-status.ts"
import { useTRPC } from "../trpc/client.tsx"
import { plural } from "../ui/format.ts"
import { Age, Empty, Query } from "../ui/states.tsx"
import { Status } from "../ui/status.tsx"
import { Armed } from "./armed.tsx"
import { useClusterFilter } from "./cluster-filter.tsx"
import { Flows } from "./flows.tsx"
import { NeedsAttention } from "./needs-attention.tsx"
import { clusterPath } from "./paths.ts"
import { useSystemNames, useSystems } from "./systems.ts"

export function Overview() {
  const trpc = useTRPC()
  const clusters = useQuery(trpc.clusters.list.queryOptions())
  const chosen = useClusterFilter()
  return (
    <>
      <h1>Overview</h1>
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
              <div className="cards">
                {list.map((cluster) => (
                  <ClusterCard key={cluster.slug} cluster={cluster} />
                ))}
              </div>
            </>
          )
        }}
      </Query>
    </>
  )
}

export function ClusterCard({ cluster }: { cluster: ClusterSummary }) {
  const words = useSystems()(cluster.system)
  const nameOf = useSystemNames()
  const statuses = GROUP_STATUSES.filter((status) => (cluster.groupsByStatus[status] ?? 0) > 0).reverse()
  return (
    <section className="panel" aria-label={cluster.name}>
      <div className="row">
        <h2 className="grow">
          <Link href={clusterPath(cluster.slug)}>{cluster.name}</Link>
        </h2>
        <span className="quiet">
          {nameOf(cluster.system)} {cluster.version ?? ""}
        </span>
      </div>
      <p className="row slim">
        {cluster.nodes && (
          <span className={cluster.nodes.online < cluster.nodes.total ? "bad" : undefined}>
            {cluster.nodes.online} of {plural(cluster.nodes.total, words.node.one, words.node.many)}
          </span>
        )}
        {cluster.destinations !== null && (
          <Link href={`${clusterPath(cluster.slug)}/topics`}>
            {plural(cluster.destinations, words.destination.one, words.destination.many)}
          </Link>
        )}
        {cluster.groups !== null && (
          <Link href={`${clusterPath(cluster.slug)}/groups`}>
            {plural(cluster.groups, words.group.one, words.group.many)}
          </Link>
        )}
      </p>
      <dl className="facts flows">
        <Flows cluster={cluster} />
      </dl>
      <div className="row tight note">
        {statuses.length === 0 ? (
          <Empty>No groups yet.</Empty>
        ) : (
          statuses.map((status) => (
            <Status key={status} status={status} count={cluster.groupsByStatus[status] ?? 0} />
          ))
        )}
      </div>
      <Age freshness={cluster.freshness} />
    </section>
  )
}
